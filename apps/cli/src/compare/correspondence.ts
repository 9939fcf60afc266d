import type { CallEvent, CallEventType } from '@discador/contracts/events/call-events';
import { LEGACY_SHAPES, readLegacy, toShape, type LegacyMessage, type LegacyOperation, type LegacyShape } from '@discador/contracts/legacy/legacy-call';
import { toLegacyCall } from '@discador/domain/calls/to-legacy-call';
import { ZodError } from 'zod';
import { differ, type About, type Difference } from './difference.ts';

type Said = string | number | undefined;
type Rules = Readonly<Record<string, (event: CallEvent) => Said>>;

const of = (field: string) => ({ data }: CallEvent): Said => (data as Record<string, Said>)[field];
const seconds = (field: string) => (event: CallEvent): Said => Math.trunc(Number(of(field)(event)) / 1_000);
const time = ({ time }: CallEvent): Said => time;

const CALL: Rules = {
  callId: ({ subject }) => subject,
  origin: of('from'),
  destiny: of('to'),
  direction: of('direction'),
  pbx: ({ pbx }) => pbx,
  campaignId: ({ campaignid }) => campaignid,
  attemptId: ({ attemptid }) => attemptid,
  startedAt: of('startedAt'),
};

/** What each field of the old format must say, from its event. Written down apart from the formatter, so that the one checks the other;
 *  an event that is not here has no message in the old format. */
const CORRESPONDENCE: Partial<Record<CallEventType, { operation: LegacyOperation; rules: Rules }>> = {
  'call.received': { operation: 'received-call', rules: CALL },
  'call.dialing': { operation: 'dial', rules: CALL },
  'call.answered': { operation: 'answered-call', rules: { ...CALL, answeredAt: time } },
  'call.dtmf': { operation: 'dtmf', rules: { ...CALL, digit: of('digit'), pressedAt: time } },
  'call.ended': {
    operation: 'finished-call',
    rules: {
      ...CALL,
      answeredAt: of('answeredAt'),
      endedAt: of('endedAt'),
      duration: seconds('durationMs'),
      billsec: seconds('billMs'),
      cause: of('cause'),
      disposition: of('disposition'),
    },
  },
};

export type LegacyMessages = ReadonlyMap<LegacyShape, LegacyMessage>;

/** What the legacy formatter makes of an event, as a consumer gets it. Empty when it has nothing to say. */
export function formatLegacy(event: CallEvent): LegacyMessages {
  const legacy = toLegacyCall(event);
  const entries = legacy ? LEGACY_SHAPES.map((shape) => [shape, JSON.parse(JSON.stringify(toShape(legacy, shape))) as LegacyMessage] as const) : [];
  return new Map(entries);
}

/** Holds the legacy messages of an event against the event. */
export function holdAgainstEvent(event: CallEvent, messages: LegacyMessages): Difference[] {
  const expected = CORRESPONDENCE[event.type];
  return LEGACY_SHAPES.flatMap((shape) => {
    const message = messages.get(shape);
    const about = { against: 'event', shape, callId: event.subject, operation: expected?.operation ?? event.type } as const;
    if (!expected || !message) {
      return Boolean(expected) === Boolean(message) ? [] : [{ ...about, field: 'message', expected: expected?.operation, actual: message && 'a message' }];
    }
    const whole = { [shape]: dataOf(event, expected.rules), operation: { type: expected.operation } };
    return [...differ(about, whole, message), ...readable(about, message)];
  });
}

function dataOf(event: CallEvent, rules: Rules): Record<string, Said> {
  const said = Object.entries(rules).map(([field, rule]) => [field, rule(event)] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

/** Whether a consumer that checks messages by their schema can read it. */
function readable(about: About, message: object): Difference[] {
  try {
    readLegacy(message);
    return [];
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return error.issues.map(({ path, message: expected }) => ({ ...about, field: path.join('.'), expected }));
  }
}
