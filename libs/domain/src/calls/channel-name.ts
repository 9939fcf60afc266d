import type { Half } from './own-channel.ts';

/** What a channel's name says of it: `PJSIP/trunk-00000002`, `Local/5511900000001@carrier-0000000a;1`. */
export interface ChannelName {
  readonly technology: string;
  /** What was dialled or configured: `trunk`, or of a Local channel `5511900000001@carrier`. */
  readonly resource: string;
  /** Of a Local channel: which half, and the name that both share. */
  readonly half: Half | null;
  readonly pair: string;
}

/** Never fails: a name of another form is all technology. */
export function parseChannelName(name: string): ChannelName {
  const slash = name.indexOf('/');
  const technology = slash < 0 ? name : name.slice(0, slash);
  const halved = technology === 'Local' && (name.endsWith(';1') || name.endsWith(';2'));
  const pair = halved ? name.slice(0, -2) : name;
  const dash = pair.lastIndexOf('-');
  const resource = slash < 0 ? '' : pair.slice(slash + 1, dash > slash ? dash : undefined);
  return { technology, resource, half: halved ? (name.endsWith('1') ? 1 : 2) : null, pair };
}

/** The number or name at the beginning of what was dialled: `1001` of `1001@internal`, `trunk` of `trunk`. */
export function dialledNumber(resource: string): string {
  const at = resource.indexOf('@');
  return at < 0 ? resource : resource.slice(0, at);
}
