import { summarize, type CallEffect, type CallState } from './call-state.ts';
import type { ChannelEvent, ChannelSnapshot } from './channel-event.ts';
import { ownChannel, type Half } from './own-channel.ts';
import { heardTalk } from './talk.ts';

export interface Advanced {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
}

/** How long the other half's end is waited for: it comes within milliseconds, or was lost. */
export const OTHER_HALF_MS = 2_000;
const CAMPAIGN_CONTEXT = 'campaign';
/** Digits of a call that are told. */
export const DTMF_KEPT = 200;
const LOCAL_NUMBER = /^Local\/([0-9]{3,15})@/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Applies one event to the call that it is about. Duplicates and late events change nothing; a missing one is skipped, not invented,
 *  unless a later one proves it (a half found `Up` was answered).
 *  @param call  not ended
 *  @param event  of one of its halves, or of a channel that belongs to the call or shares a bridge with a half
 *  @param now  epoch milliseconds, our clock; only for what `tick` does later
 *  @param nameOf  the name of a channel, or its id when that is not known */
export function advanceCall(call: CallState, event: ChannelEvent, now: number, nameOf: (channelId: string) => string): Advanced {
  const effects: CallEffect[] = [];
  let state = learn(call, event);
  const tell = (next: CallState, effect: DistributiveOmit<CallEffect, 'call' | 'inferred'>): void => {
    state = next;
    effects.push({ ...effect, inferred: event.kind === 'seen', call: state } as CallEffect);
  };
  if (!state.announced && (event.kind !== 'created' || state.campaignId !== null)) tell({ ...state, announced: true }, { type: 'dialing', at: state.startedAt });
  const heard = heardOf(state, event);
  if (heard.ringing && state.ringingAt === null && state.answeredAt === null) tell({ ...state, ringingAt: event.at }, { type: 'ringing', at: event.at });
  if (heard.answered && state.answeredAt === null) {
    tell({ ...state, answeredAt: event.at }, { type: 'answered', at: event.at, ringMs: Math.max(0, event.at - (state.ringingAt ?? state.startedAt)) });
  }
  const bridged = bridgedBy(state, event, nameOf);
  if (bridged) tell(bridged.state, { type: 'bridged', at: event.at, peer: bridged.peer, waitMs: Math.max(0, event.at - (state.answeredAt ?? event.at)) });
  if (isNewDigit(state, event)) {
    const digits = [...state.dtmf, { at: event.at, digit: event.digit }].sort((a, b) => a.at - b.at);
    tell({ ...state, dtmf: digits }, { type: 'dtmf', at: event.at, digit: event.digit });
  }
  const heardNow = heardTalk(state, event);
  if (heardNow) tell({ ...state, ...heardNow.talk }, heardNow.effect);
  if (event.kind === 'destroyed') {
    state = withDestroyed(state, event.channel.id, event.at, event.cause, now);
    if (state.destroyed[1] && state.destroyed[2]) return endCall(state, effects);
  }
  return { state, effects };
}

/** Ends a call whose time has come: the latest sign of its end counts.
 *  @param before  effects that came first in the same step */
export function endCall(call: CallState, before: readonly CallEffect[] = []): Advanced {
  const effects = [...before];
  const state = call.announced ? call : { ...call, announced: true };
  if (!call.announced) effects.push({ type: 'dialing', at: call.startedAt, inferred: false, call: state });
  const ends = [state.destroyed[1]?.at, state.destroyed[2]?.at].filter((at) => at !== undefined);
  const endedAt = ends.length > 0 ? Math.max(...ends) : state.lastAt;
  effects.push({ type: 'ended', at: endedAt, inferred: state.inferredEnd, call: state, summary: summarize(state, endedAt) });
  return { state, effects };
}

/** Marks a call that the PBX no longer has; it ends at `closeAt` unless its own events come first.
 *  @param at  epoch milliseconds, PBX clock; @param closeAt  our clock */
export function presumeEnded<C extends Pick<CallState, 'closeAt' | 'inferredEnd' | 'lastAt'>>(call: C, at: number, closeAt: number): C {
  if (call.closeAt !== null) return call;
  return { ...call, inferredEnd: true, closeAt, lastAt: Math.max(call.lastAt, at) };
}

function learn(call: CallState, event: ChannelEvent): CallState {
  const state = event.at > call.lastAt ? { ...call, lastAt: event.at } : call;
  if (event.kind === 'dial' && event.caller && ownChannel(event.caller.id)?.callId === call.callId) {
    return learnFrom(state, event.caller);
  }
  return learnFrom(state, event.kind === 'dial' ? event.peer : event.channel);
}

/** Facts that any event of an own half carries, whichever comes first. */
function learnFrom(state: CallState, channel: ChannelSnapshot): CallState {
  const own = ownChannel(channel.id);
  if (own?.callId !== state.callId) return state;
  const number = state.number || (LOCAL_NUMBER.exec(channel.name)?.[1] ?? '');
  const campaignId = state.campaignId ?? (UUID.test(channel.accountCode) ? channel.accountCode : null);
  const from = state.from || channel.callerNumber;
  const destination = state.destination || (own.half === 1 && channel.context === CAMPAIGN_CONTEXT ? channel.exten : '');
  const startedAt = Math.min(state.startedAt, channel.createdAt);
  const same = number === state.number && campaignId === state.campaignId && from === state.from && destination === state.destination && startedAt === state.startedAt;
  return same ? state : { ...state, number, campaignId, from, destination, startedAt };
}

/** What an event says about ringing and answer, of either half: both go `Up` together, and one of the two events may be lost. */
function heardOf(state: CallState, event: ChannelEvent): { ringing: boolean; answered: boolean } {
  const channel = event.kind === 'dial' ? event.peer : event.channel;
  const own = ownChannel(channel.id);
  if (own?.callId !== state.callId) return { ringing: false, answered: false };
  const status = event.kind === 'dial' ? event.status : '';
  return {
    ringing: status === 'RINGING' || (own.half === 1 && channel.state === 'Ringing'),
    answered: status === 'ANSWER' || channel.state === 'Up',
  };
}

/** Half 1 in a bridge is with someone once a second channel is in it, whichever of the two entered first. */
function bridgedBy(state: CallState, event: ChannelEvent, nameOf: (channelId: string) => string): { state: CallState; peer: string } | null {
  if (event.kind !== 'entered_bridge' || state.bridgedAt !== null) return null;
  const firstHalf = `${state.callId};1`;
  if (event.channel.id !== firstHalf && !event.members.includes(firstHalf)) return null;
  const peerId = event.channel.id === firstHalf ? event.members.find((id) => id !== firstHalf) : event.channel.id;
  if (peerId === undefined) return null;
  const peer = event.channel.id === peerId ? event.channel.name : nameOf(peerId);
  return { state: { ...state, bridgedAt: event.at }, peer };
}

/** Key presses reach half 1; half 2 may report the same press again. */
function isNewDigit(state: CallState, event: ChannelEvent): event is Extract<ChannelEvent, { kind: 'dtmf' }> {
  if (event.kind !== 'dtmf' || state.dtmf.length >= DTMF_KEPT) return false;
  if (event.channel.id !== `${state.callId};1`) return false;
  return !state.dtmf.some(({ at, digit }) => at === event.at && digit === event.digit);
}

function withDestroyed(state: CallState, channelId: string, at: number, cause: number, now: number): CallState {
  const half: Half | undefined = ownChannel(channelId)?.half;
  if (half === undefined || state.destroyed[half]) return state;
  const closeAt = state.inferredEnd ? now + OTHER_HALF_MS : (state.closeAt ?? now + OTHER_HALF_MS);
  return { ...state, destroyed: { ...state.destroyed, [half]: { at, cause } }, closeAt, inferredEnd: false };
}

/** Of each member of a union. */
export type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
