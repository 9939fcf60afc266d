import type { ChannelEvent } from './channel-event.ts';
import { parseChannelName } from './channel-name.ts';

/** What can happen again and again while people talk, of our calls and of others alike. */
export interface Talk {
  /** Ids of the channels that have put the call on hold. */
  readonly held: readonly string[];
  /** When it was transferred, PBX clock: tells a repeated event from another transfer. */
  readonly transfers: readonly number[];
}

export type TalkEffect =
  | { readonly type: 'held' | 'unheld'; readonly at: number; readonly channel: string }
  | { readonly type: 'transferred'; readonly at: number; readonly kind: 'blind' | 'attended'; readonly by: string; readonly target: string };

const KEPT = 32;

/** A hold counts where somebody pressed the key. Local channels only pass it on, so that it would count once per half. It ends when
 *  that channel has gone, too.
 *  @returns null when nothing changes */
export function heardTalk(talk: Talk, event: ChannelEvent): { talk: Talk; effect: TalkEffect } | null {
  const { held, transfers } = talk;
  if (event.kind === 'transfer') {
    if (!event.succeeded || transfers.includes(event.at)) return null;
    const { at, how, channel, target } = event;
    return { talk: { held, transfers: [...transfers, at].slice(-KEPT) }, effect: { type: 'transferred', at, kind: how, by: channel.name, target } };
  }
  if (event.kind !== 'hold' && event.kind !== 'unhold' && event.kind !== 'destroyed') return null;
  const { id, name } = event.channel;
  const holds = event.kind === 'hold';
  if (holds === held.includes(id) || parseChannelName(name).technology === 'Local') return null;
  const now = holds ? [...held, id].slice(-KEPT) : held.filter((other) => other !== id);
  return { talk: { held: now, transfers }, effect: { type: holds ? 'held' : 'unheld', at: event.at, channel: name } };
}
