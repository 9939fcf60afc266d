import type { CallEvent } from '@discador/contracts/events/call-events';
import type { LegacyMessage } from '@discador/contracts/legacy/legacy-call';
import { Replay } from '../replay/replay.ts';
import { recording } from '../testing/run-cli.ts';
import { formatLegacy, holdAgainstEvent, type LegacyMessages } from './correspondence.ts';
import { GoldenMessages } from './golden-messages.ts';

function eventsOf(name: string): CallEvent[] {
  const replay = new Replay('pbx1');
  return recording(name).split('\n').filter(Boolean).flatMap((line) => replay.take(line) as CallEvent[]);
}

const EVENTS = eventsOf('presses-nine');
const [DIALING, RINGING, , DTMF, ENDED] = EVENTS as [CallEvent, CallEvent, CallEvent, CallEvent, CallEvent];

/** The messages of an event with one field of the `payload` one changed; undefined takes it away. */
function spoiled(event: CallEvent, field: string, value: unknown): LegacyMessages {
  const messages = new Map(formatLegacy(event));
  const whole = messages.get('payload') as { payload: object };
  messages.set('payload', JSON.parse(JSON.stringify({ ...whole, payload: { ...whole.payload, [field]: value } })) as LegacyMessage);
  return messages;
}

describe('holdAgainstEvent', () => {
  it('finds nothing in what the formatter makes', () => {
    for (const event of EVENTS) expect(holdAgainstEvent(event, formatLegacy(event))).toEqual([]);
  });

  it.each([
    [DIALING, 'origin', '1001'],
    [DIALING, 'direction', 'inbound'],
    [DIALING, 'colour', 'red'],
    [DTMF, 'digit', '8'],
    [DTMF, 'pressedAt', '2026-11-21T10:00:00.000Z'],
    [ENDED, 'billsec', 7],
    [ENDED, 'duration', 5],
    [ENDED, 'cause', 17],
    [ENDED, 'disposition', 'busy'],
    [ENDED, 'answeredAt', undefined],
  ])('notices in the message of an event that %#: %s is another', (event, field, value) => {
    expect(holdAgainstEvent(event, spoiled(event, field, value))).toMatchObject([{ against: 'event', shape: 'payload', callId: event.subject, field: `payload.${field}` }]);
  });

  it('notices a value that no reader takes', () => {
    const found = holdAgainstEvent(ENDED, spoiled(ENDED, 'billsec', -1));
    expect(found.map(({ field, expected }) => [field, typeof expected])).toEqual([['payload.billsec', 'number'], ['payload.billsec', 'string']]);
  });

  it('notices a message that is missing, one too many, and another operation', () => {
    expect(holdAgainstEvent(DIALING, new Map([...formatLegacy(DIALING)].slice(0, 1)))).toMatchObject([{ shape: 'payload', field: 'message', expected: 'dial' }]);
    expect(holdAgainstEvent(RINGING, formatLegacy(DIALING))).toHaveLength(2);
    expect(holdAgainstEvent(DIALING, formatLegacy(ENDED)).map(({ field }) => field)).toContain('operation.type');
  });
});

describe('GoldenMessages', () => {
  const lines = (shape: 'data' | 'payload', events = EVENTS): string => events.map((event) => formatLegacy(event).get(shape)).filter(Boolean).map((message) => JSON.stringify(message)).join('\n');

  function compare(golden: GoldenMessages, events = EVENTS) {
    return [...events.flatMap((event) => golden.compare(event.subject, formatLegacy(event))), ...golden.end()];
  }

  function goldenOf(...texts: string[]): GoldenMessages {
    const golden = new GoldenMessages();
    texts.forEach((text, index) => golden.add(text, `golden-${index}.jsonl`));
    return golden;
  }

  it('finds nothing where nothing differs, in one shape alone too, whatever the order of keys', () => {
    expect(compare(goldenOf(lines('data'), lines('payload')))).toEqual([]);
    expect(compare(goldenOf(`\n${lines('payload')}\n\n`))).toEqual([]);
    const { operation, payload } = JSON.parse(lines('payload').split('\n')[0] ?? '') as { operation: object; payload: object };
    const turned = JSON.stringify({ payload: Object.fromEntries(Object.entries(payload).reverse()), operation });
    expect(compare(goldenOf(turned), [DIALING])).toEqual([]);
  });

  it('tells a field that differs, one too many and one missing', () => {
    const golden = goldenOf(lines('data', [DIALING]).replace('"direction":"outbound"', '"direction":"inbound","colour":"red"').replace('"pbx":"pbx1"', '"pbx":"pbx2"'));
    expect(compare(golden, [DIALING]).map(({ field, expected, actual }) => [field, expected, actual])).toEqual([
      ['data.direction', 'inbound', 'outbound'],
      ['data.colour', 'red', undefined],
      ['data.pbx', 'pbx2', 'pbx1'],
    ]);
  });

  it('tells messages that are missing or too many, and an order that changed', () => {
    expect(compare(goldenOf(lines('data')), EVENTS.slice(0, 4))).toMatchObject([{ operation: 'finished-call', field: 'message', expected: 'finished-call' }]);
    expect(compare(goldenOf(lines('data', EVENTS.slice(0, 4))))).toMatchObject([{ operation: 'finished-call', field: 'message', actual: 'finished-call' }]);
    expect(compare(goldenOf(lines('data').split('\n').reverse().join('\n')))).toMatchObject([{ field: 'order', actual: 'dial, answered-call, dtmf, finished-call' }]);
    expect(compare(goldenOf(''))).toHaveLength(8);
  });

  it('names file and line of what is no message of the old format', () => {
    expect(() => goldenOf(lines('data'), `${lines('data', [DIALING])}\n{"operation":{}}`)).toThrow('golden-1.jsonl line 2');
  });
});
