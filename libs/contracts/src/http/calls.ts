import { z } from 'zod';
import { DISPOSITIONS } from '../dispositions.ts';
import { pageOf } from './paging.ts';

const instant = z.iso.datetime();

/** How far a call is: the first three are open. */
export const CALL_STATES = ['placing', 'ringing', 'connected', 'finished'] as const;

export const callSchema = z
  .object({
    attemptId: z.uuid().meta({ description: "Also the id of the call's channels on the PBX" }),
    campaignId: z.uuid(),
    contactId: z.uuid(),
    state: z.enum(CALL_STATES),
    source: z.string().nullable().meta({ description: "The campaign's caller id" }),
    destination: z.string().meta({ description: 'E.164' }),
    disposition: z.enum(DISPOSITIONS).nullable().meta({ description: 'null while the call is open' }),
    cause: z.int().nullable().meta({ description: 'Q.850 hangup cause' }),
    startedAt: instant,
    ringingAt: instant.nullable(),
    answeredAt: instant.nullable(),
    bridgedAt: instant.nullable().meta({ description: 'Connected to an agent' }),
    endedAt: instant.nullable(),
    durationSec: z.number().min(0).nullable().meta({ description: 'From start to end' }),
    talkSec: z.number().min(0).nullable().meta({ description: 'From answer to end' }),
    pbx: z.string(),
    trunk: z.string(),
    workerId: z.string(),
    sliceId: z.uuid(),
    inferred: z.boolean().meta({ description: "The end was concluded from the PBX's records, not seen" }),
    inDoubt: z.boolean(),
  })
  .meta({ id: 'Call' });

export const callPageSchema = pageOf(callSchema).meta({ id: 'CallPage' });

export type Call = z.infer<typeof callSchema>;
