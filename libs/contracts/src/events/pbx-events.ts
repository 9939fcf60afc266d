import { z } from 'zod';
import { envelopes, eventId, instant, pbxName, routingWord } from './envelope.ts';

const dataByType = {
  /** A replica hears the PBX again and has held its calls against the PBX's channels. */
  'pbx.connected': z.object({ activeCalls: z.int().min(0) }),
  /** The replica that publishes has lost the PBX. */
  'pbx.disconnected': z.object({ reason: z.string().max(200) }),
  /** For so long no monitor certainly saw the PBX's events: what happened then is inferred, or known from the PBX's records alone. */
  'pbx.unobserved': z.object({
    from: instant,
    /** when a monitor heard the PBX again and had held its calls against the PBX's channels */
    to: instant,
    seconds: z.number().min(0),
    reason: z.string().max(200),
    /** calls taken for ended because the PBX had them no more */
    inferredEnds: z.int().min(0),
    /** calls found that no event had told of */
    adopted: z.int().min(0),
  }),
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
