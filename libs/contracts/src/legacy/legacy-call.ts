import { z } from 'zod';
import { DISPOSITIONS } from '../dispositions.ts';
import { CALL_DIRECTIONS } from '../events/call-events.ts';
import { eventId, instant, pbxName } from '../events/envelope.ts';

/** Call events in the format of the platform before this one, for services that still read it: `{operation: {type}, data: {…}}`, and for
 *  older ones the same with `payload` in place of `data`. */
export const LEGACY_SHAPES = ['data', 'payload'] as const;
export type LegacyShape = (typeof LEGACY_SHAPES)[number];

/** A topic exchange for each shape, so that no consumer, however it is bound, is sent the shape it does not know. Routing key: the operation. */
export const LEGACY_EXCHANGES: Readonly<Record<LegacyShape, string>> = { data: 'discador.legacy', payload: 'discador.legacy.payload' };

const wholeSeconds = z.int().min(0);

const call = z.object({
  callId: z.string().min(1).max(150),
  /** who calls */
  origin: z.string().max(80),
  /** who is called */
  destiny: z.string().max(80),
  direction: z.enum(CALL_DIRECTIONS),
  pbx: pbxName,
  campaignId: z.uuid().optional(),
  attemptId: z.uuid().optional(),
  startedAt: instant,
});

const bodyByOperation = {
  'received-call': call,
  dial: call,
  'answered-call': call.extend({ answeredAt: instant }),
  dtmf: call.extend({ digit: z.string().length(1), pressedAt: instant }),
  'finished-call': call.extend({
    /** only when it was answered */
    answeredAt: instant.optional(),
    endedAt: instant,
    /** from the first sign of the call to its end; begun seconds do not count, as in the PBX's records */
    duration: wholeSeconds,
    /** from answer to end; 0 when not answered */
    billsec: wholeSeconds,
    /** Q.850 hangup cause */
    cause: z.int().min(0).max(255),
    disposition: z.enum(DISPOSITIONS),
  }),
} as const;

export type LegacyOperation = keyof typeof bodyByOperation;
export const LEGACY_OPERATIONS = Object.keys(bodyByOperation) as LegacyOperation[];

/** What a legacy message says, whichever shape it came in. */
export type LegacyCall<O extends LegacyOperation = LegacyOperation> = { [T in O]: { operation: { type: T }; data: z.infer<(typeof bodyByOperation)[T]> } }[O];

/** A legacy message as the bus carries it. */
export type LegacyMessage = LegacyCall | { operation: LegacyCall['operation']; payload: LegacyCall['data'] };

const named = z.object({ operation: z.object({ type: z.enum(LEGACY_OPERATIONS) }) });

/** Schema of one operation's message in one shape. */
export function legacySchema(shape: LegacyShape, operation: LegacyOperation) {
  return z.object({ operation: z.object({ type: z.literal(operation) }), [shape]: bodyByOperation[operation] });
}

/** Reads a legacy message of either shape; a message that has both is read by its `data`. Fields that it does not know are dropped.
 *  @throws ZodError, which names the field */
export function readLegacy(message: unknown): LegacyCall {
  const { operation } = named.parse(message);
  const shape = shapeOf(message as object);
  return { operation, data: legacySchema(shape, operation.type).parse(message)[shape] } as LegacyCall;
}

export function toShape(legacy: LegacyCall, shape: LegacyShape): LegacyMessage {
  return shape === 'data' ? legacy : { operation: legacy.operation, payload: legacy.data };
}

/** @returns `payload` only for a message without `data` */
export function shapeOf(message: object): LegacyShape {
  return 'payload' in message && !('data' in message) ? 'payload' : 'data';
}

/** The id of the legacy message that goes with an event: another in each shape, the same at every repeat. */
export function legacyMessageId(idOfEvent: string, shape: LegacyShape): string {
  return eventId(idOfEvent, shape);
}
