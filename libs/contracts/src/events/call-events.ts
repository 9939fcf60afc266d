import { z } from 'zod';
import { DISPOSITIONS } from '../dispositions.ts';
import { envelopes, eventId, instant, milliseconds, pbxName } from './envelope.ts';

/** Who called: somebody from outside, somebody or something of the PBX, or both ends are extensions. */
export const CALL_DIRECTIONS = ['outbound', 'inbound', 'internal'] as const;
/** Between whom: two ends of the PBX, one end outside, or both outside (from trunk to trunk). */
export const CALL_ROUTES = ['internal', 'external', 'trunk'] as const;

/** Common to all call events. `from` and `to` are numbers as the PBX shows them; times are the PBX's. */
const call = z.object({
  callId: z.string().min(1).max(150).describe('Of our calls the attempt id; of others the id of the channel that began it.'),
  direction: z.enum(CALL_DIRECTIONS).describe('Who called: the PBX or its people (`outbound`), somebody outside (`inbound`), or both ends are extensions (`internal`).'),
  route: z.enum(CALL_ROUTES).optional().describe('Between whom: two ends of the PBX, one end outside, or both outside, from trunk to trunk.'),
  from: z.string().max(80).describe('Number of who calls, as the PBX shows it; may be empty.'),
  to: z.string().max(80).describe('Number that is called.'),
  startedAt: instant.describe('First sign of the call.'),
});

const dataByType = {
  'call.received': call.describe('Somebody called the PBX.'),
  'call.dialing': call.describe('The PBX calls somebody.'),
  'call.ringing': call.describe('It rings at who is called.'),
  'call.answered': call
    .extend({ ringMs: milliseconds.describe('From the start of the ringing, or of the call when it did not ring, to the answer.') })
    .describe('Who is called has answered.'),
  'call.bridged': call
    .extend({
      peer: z.string().max(150).describe('Channel of whom the caller is with, e.g. `PJSIP/1001-0000000b`.'),
      waitMs: milliseconds.describe('From the answer to the bridge.'),
    })
    .describe('The first end is with somebody: in a queue, an agent has taken the call.'),
  'call.held': call.extend({ channel: z.string().max(150).describe('Channel of who holds.') }).describe('One end has put the other on hold.'),
  'call.unheld': call.extend({ channel: z.string().max(150).describe('Channel of who held.') }).describe('The hold is over.'),
  'call.dtmf': call.extend({ digit: z.string().length(1).describe('0–9, `*`, `#` or A–D.') }).describe('A key was pressed.'),
  'call.transferred': call
    .extend({
      kind: z.enum(['blind', 'attended']).describe('Without or after a talk with the one it goes to.'),
      by: z.string().max(150).describe('Channel of who transferred.'),
      target: z.string().max(150).describe('Extension of a blind transfer, channel or bridge of an attended one.'),
    })
    .describe('The call was given to somebody else; it goes on under the same id.'),
  'call.ended': call
    .extend({
      ringingAt: instant.optional().describe('Missing when it did not ring.'),
      answeredAt: instant.optional().describe('Missing when it was not answered.'),
      bridgedAt: instant.optional().describe('Missing when nobody was there.'),
      endedAt: instant.describe('End of the last leg.'),
      durationMs: milliseconds.describe('From the first sign of the call to its end.'),
      billMs: milliseconds.describe('From the answer to the end; 0 when not answered.'),
      cause: z.int().min(0).max(255).describe('Q.850 hangup cause, all legs joined; 0 when the PBX gave none.'),
      disposition: z.enum(DISPOSITIONS).describe('How it ended, in one word.'),
      dtmf: z.string().max(200).describe('The keys pressed, in their order.'),
    })
    .describe('The call is over, with its whole summary: once per call.'),
} as const;

export type CallEventType = keyof typeof dataByType;
export const CALL_EVENT_TYPES = Object.keys(dataByType) as CallEventType[];

const extensions = {
  pbx: pbxName,
  attemptid: z.uuid().optional().describe('Attempt of the ledger, when the call is ours.'),
  campaignid: z.uuid().optional().describe('Campaign, when the call is ours.'),
  inferred: z.boolean().describe('True: concluded from a look at the PBX after a gap, not seen when it happened.'),
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
