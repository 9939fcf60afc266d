import type { CallEffect } from './call-state.ts';
import { ChannelIndex, MAX_LEGS, type Leg, type SavedIndex, type Side } from './channel-index.ts';
import type { BridgeMembers, ChannelEvent, ChannelSnapshot } from './channel-event.ts';
import { parseChannelName } from './channel-name.ts';
import { absorb, advanceForeignCall, endForeignCall, newForeignCall, tellMilestones, withGone, withLeg, withOrigin, type ForeignAdvanced, type ForeignCall } from './foreign-call.ts';
import { ownChannel } from './own-channel.ts';
import type { TrunkRule } from './trunk-rule.ts';

/** Calls followed at a time; channels of further ones are passed by until there is room. */
export const MAX_FOREIGN_CALLS = 50_000;
/** Channels that the PBX makes for its own ends: nobody is at them. */
const NOBODY = new Set(['Snoop', 'Recorder', 'Announcer', 'CBAnn', 'CBRec', 'Surrogate', 'Message', 'MulticastRTP', 'UnicastRTP', 'Bridge']);
/** What the PBX says that a channel runs which another call dialled. (`AppDial2` is an originate's.) */
const DIALLED = new Set(['AppDial', 'AppQueue']);
/** Kinds of events that prove a channel lives. */
const LIVING: ReadonlySet<ChannelEvent['kind']> = new Set(['created', 'state', 'hold', 'unhold', 'dtmf', 'entered_bridge', 'seen']);

type BridgeEvent = Extract<ChannelEvent, { readonly bridgeId: string }>;

export interface SavedForeignCalls {
  readonly calls: readonly ForeignCall[];
  readonly closing: readonly string[];
  readonly index: SavedIndex;
}

export interface ForeignCallsOptions {
  readonly outside: TrunkRule;
  /** how long a channel that has gone is remembered */
  readonly rememberMs: number;
  /** whether a call of ours goes on */
  isOwnLive(callId: string): boolean;
}

/** The calls of a PBX that the dialer did not place, and the channels of all calls but the dialer's own halves. Channels become one call by
 *  what the PBX tells: the halves of a Local channel share a name, a Dial names who dials whom, and where both were missed a bridge of two
 *  shows it. Only a channel of which nothing else is known joins another's call: two calls that meet, as in a conference, stay two. */
export class ForeignCalls {
  readonly #options: ForeignCallsOptions;
  readonly #calls = new Map<string, ForeignCall>();
  readonly #closing = new Set<string>();
  readonly #index: ChannelIndex;
  readonly #nameOf = (id: string): string => this.#index.nameOf(id);

  constructor(options: ForeignCallsOptions, saved?: SavedForeignCalls) {
    this.#options = options;
    this.#index = new ChannelIndex(options.rememberMs, saved?.index);
    for (const call of saved?.calls ?? []) this.#calls.set(call.callId, call);
    for (const callId of saved?.closing ?? []) this.#closing.add(callId);
  }

  get active(): number {
    let count = 0;
    for (const { origin } of this.#calls.values()) if (origin !== null) count += 1;
    return count;
  }

  get presumed(): number {
    return [...this.#closing].filter((callId) => this.#calls.get(callId)?.inferredEnd).length;
  }

  get remembered(): number {
    return this.#index.remembered;
  }

  /** Name of a channel, or its id when it is not known. */
  get nameOf(): (channelId: string) => string {
    return this.#nameOf;
  }

  /** The call, ours or not, that a channel belongs to which is none of our halves. */
  callOf(channelId: string): string | undefined {
    return this.#index.get(channelId)?.callId;
  }

  *quietSince(pbxTime: number): Generator<string> {
    for (const { callId, lastAt } of this.#calls.values()) if (lastAt < pbxTime) yield callId;
  }

  /** @param now  our clock */
  apply(event: ChannelEvent, now: number, effects: CallEffect[]): void {
    if (event.kind === 'dial') return this.#onDial(event, now, effects);
    if (event.kind === 'destroyed') return this.#onDestroyed(event, now, effects);
    if (event.kind === 'transfer') return this.#onTransfer(event, effects);
    const leg = LIVING.has(event.kind) ? this.#place(event.channel, now) : this.#index.get(event.channel.id);
    if (event.kind === 'entered_bridge') return this.#onBridge(event, leg, false, now, effects);
    if (!leg) return;
    if (event.kind === 'hangup_request' && !leg.ending) this.#index.put({ ...leg, ending: true });
    if (event.channel.state === 'Ring' && (event.kind === 'created' || event.kind === 'state')) this.#begin(leg, 'received');
    this.#advance(leg.callId, event, leg, false, effects);
  }

  /** The channels of a call of ours are nobody's once it has ended. */
  release(ownCallId: string, now: number): void {
    this.#index.dropAll(ownCallId, now);
  }

  tick(now: number, effects: CallEffect[]): void {
    for (const callId of this.#closing) {
      const call = this.#calls.get(callId);
      if (call && (call.closeAt ?? 0) > now) continue;
      this.#closing.delete(callId);
      if (call) this.#end(call, now, effects);
    }
    this.#index.forget(now);
  }

  /** Adopts what no event told of. @param at  PBX clock */
  adopt(channels: readonly ChannelSnapshot[], bridges: readonly BridgeMembers[], at: number, now: number, effects: CallEffect[]): void {
    const found = new Map(channels.map((channel) => [channel.id, channel]));
    const adopted = new Set<Leg>();
    for (const channel of channels) {
      const known = this.#index.get(channel.id);
      const leg = known ?? this.#place(channel, now);
      if (!leg) continue;
      if (!known) adopted.add(leg);
      if (!known && channel.state === 'Ring') this.#begin(leg, 'received');
      this.#advance(leg.callId, { kind: 'seen', at, channel }, leg, true, effects);
    }
    for (const { id: bridgeId, members } of bridges) {
      const channel = found.get(members[0] ?? '');
      if (channel) this.#onBridge({ kind: 'entered_bridge', at, channel, bridgeId, members }, this.#index.get(channel.id), true, now, effects);
    }
    for (const { id, half } of adopted) {
      const call = this.#calls.get(id);
      // A channel that was dialled belongs to whoever dialled it: an event, or its end, will tell.
      if (!call || DIALLED.has(call.app)) continue;
      this.#calls.set(id, withOrigin(call, half === null && call.app !== 'AppDial2' ? 'received' : 'originated'));
      this.#store(tellMilestones(this.#calls.get(id) as ForeignCall, true), effects);
    }
  }

  /** Presumes calls ended of which the PBX has no channel, and forgets the channels that it has not.
   *  @param alive  ids of all its channels; @param bornBefore  PBX clock: younger ones are left alone */
  missing(alive: ReadonlySet<string>, bornBefore: number, presume: (call: ForeignCall) => ForeignCall, now: number): void {
    for (const callId of this.#index.callIds()) {
      const members = this.#index.of(callId);
      const lost = [...members].filter((id) => !alive.has(id) && (this.#index.get(id)?.createdAt ?? 0) < bornBefore);
      const call = this.#calls.get(callId);
      if (!call || lost.length < members.size) for (const id of lost) this.#index.drop(id, now);
      else this.#keep(presume(call));
    }
  }

  save(): SavedForeignCalls {
    return { calls: [...this.#calls.values()], closing: [...this.#closing], index: this.#index.save() };
  }

  #onDial(event: Extract<ChannelEvent, { kind: 'dial' }>, now: number, effects: CallEffect[]): void {
    if (ownChannel(event.peer.id)) return;
    let peer = this.#place(event.peer, now);
    if (!peer) return;
    const dialling = event.caller && ownChannel(event.caller.id);
    const caller = event.caller && !dialling ? this.#place(event.caller, now) : null;
    if (dialling) this.#join(peer, dialling.callId, 'far', now);
    else if (caller) {
      if (caller.half === null) this.#begin(caller, 'received'); // nobody dials without having begun
      this.#join(peer, caller.callId, sideOf(caller), now);
    } else if (!event.caller && event.status === '') this.#begin(peer, 'originated');
    peer = this.#index.get(peer.id);
    if (peer) this.#advance(peer.callId, event, peer, false, effects);
  }

  #onBridge(event: BridgeEvent, entered: Leg | undefined, inferred: boolean, now: number, effects: CallEffect[]): void {
    const { channel, members } = event;
    if (members.length === 2) {
      const [a = '', b = ''] = members;
      if (!this.#meet(a, b, now)) this.#meet(b, a, now);
    }
    const leg = this.#index.get(channel.id);
    if (entered && leg) this.#advance(leg.callId, event, leg, inferred, effects);
    for (const id of members) {
      if (id !== leg?.callId && this.#calls.has(id)) this.#advance(id, event, null, inferred, effects);
    }
  }

  #onTransfer(event: Extract<ChannelEvent, { kind: 'transfer' }>, effects: CallEffect[]): void {
    const leg = this.#index.get(event.channel.id) ?? (event.transferee ? this.#index.get(event.transferee.id) : undefined);
    if (leg) this.#advance(leg.callId, event, null, false, effects);
  }

  #onDestroyed(event: Extract<ChannelEvent, { kind: 'destroyed' }>, now: number, effects: CallEffect[]): void {
    const leg = this.#index.get(event.channel.id);
    if (!leg) return;
    const twin = this.#index.twinOf(leg);
    if (twin && !twin.ending) this.#index.put({ ...twin, ending: true });
    this.#advance(leg.callId, event, leg, false, effects);
    this.#index.drop(leg.id, now);
    const call = this.#calls.get(leg.callId);
    if (!call) return;
    const left = this.#index.of(call.callId);
    let allEnding = true;
    for (const id of left) allEnding &&= this.#index.get(id)?.ending === true;
    const state = withGone(call, event.at, event.cause, leg.id === call.callId, allEnding, now);
    if (left.size > 0) this.#keep(state);
    else this.#end(state, now, effects);
  }

  /** The leg that a channel is; a new call's when nothing is known of it; none when it is to be passed by. */
  #place(channel: ChannelSnapshot, now: number): Leg | undefined {
    const { id, createdAt } = channel;
    const known = this.#index.get(id);
    if (known || ownChannel(id) || this.#index.isGone(id)) return known;
    const name = parseChannelName(channel.name);
    if (NOBODY.has(name.technology)) return undefined;
    const { half, pair } = name;
    const leg: Leg = { id, name: channel.name, callId: id, createdAt, side: 'near', half, pair, outside: this.#options.outside(name), ending: false };
    const twin = this.#index.twinOf(leg);
    if (!twin && this.#calls.size >= MAX_FOREIGN_CALLS) return undefined;
    if (!twin || (half === 1 && twin.id === twin.callId)) {
      this.#index.put(leg);
      this.#calls.set(id, withLeg(newForeignCall(id, createdAt), leg));
      if (twin) this.#join(twin, id, 'near', now);
      return this.#index.get(id);
    }
    return this.#add({ ...leg, callId: twin.callId, side: twin.side }, now);
  }

  #add(leg: Leg, now: number): Leg | undefined {
    if (this.#index.of(leg.callId).size >= MAX_LEGS) {
      this.#index.drop(leg.id, now);
      return undefined;
    }
    this.#index.put(leg);
    const call = this.#calls.get(leg.callId);
    if (call) this.#calls.set(call.callId, withLeg(call, leg));
    return leg;
  }

  #begin({ id, callId, half }: Leg, origin: 'received' | 'originated'): void {
    const call = this.#calls.get(callId);
    if (call && call.origin === null && id === callId && (origin === 'originated' || half === null)) this.#calls.set(callId, withOrigin(call, origin));
  }

  /** Of two that are alone in a bridge, one of which nothing else is known belongs to the other's call. @returns whether it does */
  #meet(id: string, otherId: string, now: number): boolean {
    const leg = this.#index.get(id);
    const call = leg && this.#calls.get(leg.callId);
    if (!leg || !call || call.origin !== null) return false;
    const own = ownChannel(otherId);
    const other = this.#index.get(otherId);
    if (own) return this.#join(leg, own.callId, 'far', now);
    if (!other || other.callId === leg.callId) return false;
    const rival = this.#calls.get(other.callId);
    // Neither has told how it began: who was dialled, or came later, belongs to the other.
    if (rival && rival.origin === null && !DIALLED.has(call.app) && (DIALLED.has(rival.app) || isBefore(call, rival))) return false;
    return this.#join(leg, other.callId, sideOf(other), now);
  }

  /** Makes the call of `leg` a part of another, unless it is known to be one of its own. @returns whether it is now */
  #join(leg: Leg, into: string, side: Side, now: number): boolean {
    const part = this.#calls.get(leg.callId);
    if (leg.callId === into || !part || part.origin !== null) return false;
    const call = this.#calls.get(into);
    const moved = this.#index.move(part.callId, into, side);
    this.#calls.delete(part.callId);
    this.#closing.delete(part.callId);
    if (call) this.#calls.set(into, moved.reduce(withLeg, absorb(call, part)));
    else if (!this.#options.isOwnLive(into)) this.#index.dropAll(into, now);
    if (this.#index.of(into).size > MAX_LEGS) for (const { id } of moved) this.#index.drop(id, now);
    return true;
  }

  #advance(callId: string, event: ChannelEvent, own: Leg | null, inferred: boolean, effects: CallEffect[]): void {
    const call = this.#calls.get(callId);
    if (call) this.#store(advanceForeignCall(call, event, own, inferred, this.#nameOf), effects);
  }

  #store({ state, effects: told }: ForeignAdvanced, effects: CallEffect[]): void {
    for (const effect of told) effects.push(effect);
    this.#calls.set(state.callId, state);
  }

  #keep(call: ForeignCall): void {
    this.#calls.set(call.callId, call);
    if (call.closeAt !== null) this.#closing.add(call.callId);
  }

  #end(call: ForeignCall, now: number, effects: CallEffect[]): void {
    for (const effect of endForeignCall(call).effects) effects.push(effect);
    this.#index.dropAll(call.callId, now);
    this.#calls.delete(call.callId);
    this.#closing.delete(call.callId);
  }
}

/** On whose side a channel lies that `leg` dialled or is alone with: beyond the channel that began the call, with the other end. */
function sideOf({ id, callId, side }: Leg): Side {
  return id === callId ? 'far' : side;
}

function isBefore(one: ForeignCall, other: ForeignCall): boolean {
  return one.startedAt < other.startedAt || (one.startedAt === other.startedAt && one.callId < other.callId);
}
