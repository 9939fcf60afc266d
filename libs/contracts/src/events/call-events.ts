import { z } from 'zod';
import { DISPOSITIONS } from '../dispositions.ts';
import { envelopes, eventId, instant, milliseconds, pbxName } from './envelope.ts';

/** Who called: somebody from outside, somebody or something of the PBX, or both ends are extensions. */
export const CALL_DIRECTIONS = ['outbound', 'inbound', 'internal'] as const;
/** Between whom: two ends of the PBX, one end outside, or both outside (from trunk to trunk). */
export const CALL_ROUTES = ['internal', 'external', 'trunk'] as const;

/** Common to all call events. `from` and `to` are numbers as the PBX shows them; times are the PBX's. */
const call = z.object({
  /** of our calls the attempt id; of others the id of the channel that began it */
  callId: z.string().min(1).max(150),
  direction: z.enum(CALL_DIRECTIONS),
  route: z.enum(CALL_ROUTES).optional(),
  from: z.string().max(80),
  to: z.string().max(80),
  startedAt: instant,
});

const dataByType = {
  /** Somebody called the PBX. */
  'call.received': call,
  /** The PBX calls somebody. */
  'call.dialing': call,
  'call.ringing': call,
  'call.answered': call.extend({ ringMs: milliseconds }),
  /** The first end is with somebody: `peer` is a channel name. */
  'call.bridged': call.extend({ peer: z.string().max(150), waitMs: milliseconds }),
  'call.held': call.extend({ channel: z.string().max(150) }),
  'call.unheld': call.extend({ channel: z.string().max(150) }),
  'call.dtmf': call.extend({ digit: z.string().length(1) }),
  'call.transferred': call.extend({
    kind: z.enum(['blind', 'attended']),
    /** channel of who transferred */
    by: z.string().max(150),
    /** extension of a blind transfer, or a channel or bridge of an attended one */
    target: z.string().max(150),
  }),
  'call.ended': call.extend({
    ringingAt: instant.optional(),
    answeredAt: instant.optional(),
    bridgedAt: instant.optional(),
    endedAt: instant,
    /** from the first sign of the call to its end */
    durationMs: milliseconds,
    /** from answer to end; 0 when not answered */
    billMs: milliseconds,
    /** Q.850 hangup cause, all legs joined */
    cause: z.int().min(0).max(255),
    disposition: z.enum(DISPOSITIONS),
    dtmf: z.string().max(200),
  }),
} as const;

export type CallEventType = keyof typeof dataByType;
export const CALL_EVENT_TYPES = Object.keys(dataByType) as CallEventType[];

const extensions = {
  pbx: pbxName,
  attemptid: z.uuid().optional(),
  campaignid: z.uuid().optional(),
  /** concluded from a look at the PBX, not seen */
  inferred: z.boolean(),
};

export const callEventSchemas = envelopes(dataByType, extensions);

export type CallEvent<T extends CallEventType = CallEventType> = z.infer<(typeof callEventSchemas)[T]>;
export type CallEndedEvent = CallEvent<'call.ended'>;

/** @param transition what happened, made unique where it can repeat: `ended`, `dtmf:<at>` */
export function callEventId(pbx: string, callId: string, transition: string): string {
  return eventId(pbx, callId, transition);
}

/** `call.ended.<campaignId>`, or `call.ended.none` for calls that are not a campaign's. */
export function callRoutingKey(type: CallEventType, campaignId: string | undefined): string {
  return `${type}.${campaignId ?? 'none'}`;
}
