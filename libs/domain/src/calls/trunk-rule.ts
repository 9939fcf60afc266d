import type { ChannelName } from './channel-name.ts';

/** Whether a channel leads out of the house. */
export type TrunkRule = (channel: ChannelName) => boolean;

export const DEFAULT_TRUNK_ENDPOINTS: readonly string[] = ['trunk', 'carrier'];
/** Technologies that lines to the outside use, and desk phones do not. */
const OUTSIDE_TECHNOLOGIES = new Set(['DAHDI', 'IAX2']);

/** @param endpoints  names of trunk endpoints (`PJSIP/<name>-…`); dialplan contexts of the same names count as well (`Local/…@<name>-…`) */
export function trunkRule(endpoints: readonly string[] = DEFAULT_TRUNK_ENDPOINTS): TrunkRule {
  const names = new Set(endpoints);
  return ({ technology, resource }) =>
    OUTSIDE_TECHNOLOGIES.has(technology) || names.has(technology === 'Local' ? resource.slice(resource.lastIndexOf('@') + 1) : resource);
}
