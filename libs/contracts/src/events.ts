import { v5 } from 'uuid';
import { z } from 'zod';
import { DISPOSITIONS } from './dispositions.ts';

/** The topic exchange that carries every event. Routing key: `call.<what>.<campaignId or none>`, `pbx.<what>.<pbx>`. */
export const EVENTS_EXCHANGE = 'discador.events';

const NAMESPACE = '6f0e2d0c-98b5-5c53-9d9e-0d1f6a1b7c11';

const instant = z.iso.datetime({ offset: true });

/** Common to all call events. `from` and `to` are numbers as the PBX shows them; times are the PBX's. */
const callBase = z.object({
  callId: z.string().min(1).max(150),
  direction: z.enum(['outbound', 'inbound', 'internal']),
  from: z.string().max(80),
  to: z.string().max(80),
  startedAt: instant,
});

const dataByType = {
  'call.dialing': callBase,
  'call.ringing': callBase,
  'call.answered': callBase.extend({ ringMs: z.number().int().min(0) }),
  'call.bridged': callBase.extend({ peer: z.string().max(150), waitMs: z.number().int().min(0) }),
  'call.dtmf': callBase.extend({ digit: z.string().length(1) }),
  'call.ended': callBase.extend({
    ringingAt: instant.optional(),
    answeredAt: instant.optional(),
    bridgedAt: instant.optional(),
    endedAt: instant,
    /** from the first sign of the call to its end */
    durationMs: z.number().int().min(0),
    /** from answer to end; 0 when not answered */
    billMs: z.number().int().min(0),
    /** Q.850 hangup cause, both halves joined */
    cause: z.number().int().min(0).max(255),
    disposition: z.enum(DISPOSITIONS),
    dtmf: z.string().max(200),
  }),
} as const;

export type CallEventType = keyof typeof dataByType;
export const CALL_EVENT_TYPES = Object.keys(dataByType) as CallEventType[];

function envelope<T extends CallEventType>(type: T) {
  return z.object({
    specversion: z.literal('1.0'),
    id: z.uuid(),
    source: z.string().min(1),
    type: z.literal(type),
    subject: z.string().min(1),
    time: instant,
    datacontenttype: z.literal('application/json'),
    pbx: z.string().min(1).max(40),
    attemptid: z.uuid().optional(),
    campaignid: z.uuid().optional(),
    inferred: z.boolean(),
    data: dataByType[type],
  });
}

/** CloudEvents 1.0 in JSON, one schema per type. */
export const callEventSchemas = {
  'call.dialing': envelope('call.dialing'),
  'call.ringing': envelope('call.ringing'),
  'call.answered': envelope('call.answered'),
  'call.bridged': envelope('call.bridged'),
  'call.dtmf': envelope('call.dtmf'),
  'call.ended': envelope('call.ended'),
};

export type CallEvent<T extends CallEventType = CallEventType> = z.infer<(typeof callEventSchemas)[T]>;
export type CallEndedEvent = CallEvent<'call.ended'>;

/** The id of a transition: the same from every monitor and every replay, so that consumers can drop repeats.
 *  @param transition what happened, numbered where it can repeat: `ended`, `dtmf:3` */
export function callEventId(pbx: string, callId: string, transition: string): string {
  return v5(`${pbx}\n${callId}\n${transition}`, NAMESPACE);
}

/** `call.ended.<campaignId>`, or `call.ended.none` for calls that are not a campaign's. */
export function callRoutingKey(type: CallEventType, campaignId: string | undefined): string {
  return `${type}.${campaignId ?? 'none'}`;
}

/** For so long no monitor certainly saw the PBX's events: what happened then is inferred, or known from the PBX's records alone. */
export const pbxUnobservedSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  source: z.string().min(1),
  type: z.literal('pbx.unobserved'),
  subject: z.string().min(1),
  time: instant,
  datacontenttype: z.literal('application/json'),
  pbx: z.string().min(1).max(40),
  data: z.object({
    from: instant,
    /** when a monitor heard the PBX again and had held its calls against the PBX's channels */
    to: instant,
    seconds: z.number().min(0),
    reason: z.string().max(200),
    /** calls taken for ended because the PBX had them no more */
    inferredEnds: z.number().int().min(0),
    /** calls found that no event had told of */
    adopted: z.number().int().min(0),
  }),
});

export type PbxUnobservedEvent = z.infer<typeof pbxUnobservedSchema>;

/** One per gap. @param from  its beginning, as in `data.from` */
export function pbxUnobservedId(pbx: string, from: string): string {
  return v5(`${pbx}\nunobserved\n${from}`, NAMESPACE);
}

export function pbxUnobservedRoutingKey(pbx: string): string {
  return `pbx.unobserved.${pbx}`;
}
