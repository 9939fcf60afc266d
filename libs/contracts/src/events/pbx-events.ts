import { z } from 'zod';
import { envelopes, eventId, instant, pbxName, routingWord } from './envelope.ts';

const dataByType = {
  'pbx.connected': z
    .object({ activeCalls: z.int().min(0).describe('Calls on the PBX at that moment.') })
    .describe('A monitor hears the PBX after none did, and has held its calls against the PBX’s channels.'),
  'pbx.disconnected': z.object({ reason: z.string().max(200).describe('What broke, in words.') }).describe('No monitor hears the PBX any more.'),
  'pbx.unobserved': z
    .object({
      from: instant.describe('Until then everything was seen and published.'),
      to: instant.describe('A monitor heard the PBX again and had held its calls against the PBX’s channels.'),
      seconds: z.number().min(0).describe('From `from` to `to`.'),
      reason: z.string().max(200).describe('Why nobody saw, in words.'),
      inferredEnds: z.int().min(0).describe('Calls taken for ended because the PBX had them no more.'),
      adopted: z.int().min(0).describe('Calls found that no event had told of.'),
    })
    .describe('For so long nobody certainly saw the PBX’s events: what happened then is inferred, or known from the PBX’s records alone.'),
} as const;

export const pbxEventSchemas = envelopes(dataByType, { pbx: pbxName });

export type PbxEventType = keyof typeof pbxEventSchemas;
export type PbxEvent<T extends PbxEventType = PbxEventType> = z.infer<(typeof pbxEventSchemas)[T]>;
export type PbxUnobservedEvent = PbxEvent<'pbx.unobserved'>;

/** @param since  when it began, as an instant: a PBX has each of these once per moment */
export function pbxEventId(pbx: string, type: PbxEventType, since: string): string {
  return eventId(pbx, type.slice('pbx.'.length), since);
}

export function pbxRoutingKey(type: PbxEventType, pbx: string): string {
  return `${type}.${routingWord(pbx)}`;
}
