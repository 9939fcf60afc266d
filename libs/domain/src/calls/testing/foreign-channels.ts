import type { ChannelEvent, ChannelSnapshot } from '../channel-event.ts';
import { START } from './invented-calls.ts';

/** A channel that no originate of the dialer named, at the instant 0 of the invented calls. */
export function channel(id: string, name: string, changes: Partial<ChannelSnapshot> = {}): ChannelSnapshot {
  return { id, name, state: 'Down', accountCode: '', callerNumber: '', context: 'internal', exten: 's', app: '', createdAt: START, ...changes };
}

/** Events of one channel or two, `ms` after the instant 0. */
export const at = (ms: number) => ({
  created: (of: ChannelSnapshot): ChannelEvent => ({ kind: 'created', at: START + ms, channel: of }),
  up: (of: ChannelSnapshot): ChannelEvent => ({ kind: 'state', at: START + ms, channel: { ...of, state: 'Up' } }),
  dial: (caller: ChannelSnapshot | null, peer: ChannelSnapshot, status = ''): ChannelEvent => ({ kind: 'dial', at: START + ms, status, peer, caller }),
  bridge: (entering: ChannelSnapshot, ...others: ChannelSnapshot[]): ChannelEvent => ({ kind: 'entered_bridge', at: START + ms, channel: { ...entering, state: 'Up' }, bridgeId: 'b', members: [entering, ...others].map(({ id }) => id) }),
  hold: (of: ChannelSnapshot): ChannelEvent => ({ kind: 'hold', at: START + ms, channel: of }),
  unhold: (of: ChannelSnapshot): ChannelEvent => ({ kind: 'unhold', at: START + ms, channel: of }),
  dtmf: (of: ChannelSnapshot, digit: string): ChannelEvent => ({ kind: 'dtmf', at: START + ms, channel: of, digit }),
  transfer: (by: ChannelSnapshot, target: string, changes: Partial<Extract<ChannelEvent, { kind: 'transfer' }>> = {}): ChannelEvent => ({ kind: 'transfer', at: START + ms, how: 'blind', succeeded: true, channel: by, transferee: null, target, ...changes }),
  hangup: (of: ChannelSnapshot): ChannelEvent => ({ kind: 'hangup_request', at: START + ms, channel: of, cause: 16 }),
  gone: (of: ChannelSnapshot, cause = 16): ChannelEvent => ({ kind: 'destroyed', at: START + ms, channel: of, cause }),
});
