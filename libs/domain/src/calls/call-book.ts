import { advanceCall, endCall, presumeEnded } from './advance-call.ts';
import { newCall, type CallEffect, type CallState } from './call-state.ts';
import type { BridgeMembers, ChannelEvent, ChannelSnapshot } from './channel-event.ts';
import { ForeignCalls, type SavedForeignCalls } from './foreign-calls.ts';
import { ownChannel } from './own-channel.ts';
import { trunkRule, type TrunkRule } from './trunk-rule.ts';

/** How long an ended call is remembered, so that a late event does not bring it to life again. */
export const REMEMBER_ENDED_MS = 60_000;
/** Events still under way when the PBX was asked arrive within this time. */
const LOOK_GRACE_MS = 1_000;
const SAVED_VERSION = 1;

export interface CallBookOptions {
  /** which channels lead out of the house; endpoints and contexts named `trunk` or `carrier` when not given */
  readonly outside?: TrunkRule;
}

/** What a book knows, as plain JSON. */
export interface SavedCallBook {
  readonly version: 1;
  readonly pbxAheadMs: number;
  readonly own: readonly CallState[];
  readonly closing: readonly string[];
  readonly ended: readonly (readonly [string, number])[];
  readonly foreign: SavedForeignCalls;
}

/** All calls of one PBX, ours and others: finds whom an event concerns and lets the pure step do the rest. Deterministic; holds live calls, and for a minute
 *  the ids of ended ones. `now` is our clock in epoch milliseconds and does not go back. */
export class CallBook {
  readonly #live = new Map<string, CallState>();
  readonly #closing = new Set<string>();
  /** id → when to forget it; in that order, because they are added as they end. */
  readonly #ended = new Map<string, number>();
  readonly #foreign: ForeignCalls;
  /** PBX clock minus ours, as the last event had it. */
  #pbxAheadMs = 0;

  constructor({ outside = trunkRule() }: CallBookOptions = {}, saved?: SavedCallBook) {
    for (const call of saved?.own ?? []) this.#live.set(call.callId, call);
    for (const callId of saved?.closing ?? []) this.#closing.add(callId);
    for (const [callId, forgetAt] of saved?.ended ?? []) this.#ended.set(callId, forgetAt);
    this.#pbxAheadMs = saved?.pbxAheadMs ?? 0;
    this.#foreign = new ForeignCalls({ outside, rememberMs: REMEMBER_ENDED_MS, isOwnLive: (callId) => this.#live.has(callId) }, saved?.foreign);
  }

  /** A book that goes on where the saved one stood; hold it against the PBX with `reconcile` before its first event.
   *  @param json  of `save`, parsed; anything else, or of another version, gives an empty book
   *  @param now  what was to be forgotten by then is */
  static restore(json: unknown, now: number, options?: CallBookOptions): CallBook {
    const saved = json as SavedCallBook | null | undefined;
    if (saved?.version !== SAVED_VERSION) return new CallBook(options);
    const book = new CallBook(options, saved);
    book.#forget(now);
    return book;
  }

  /** @returns plain JSON; the live calls, what waits for its end and what is remembered */
  save(): SavedCallBook {
    return { version: SAVED_VERSION, pbxAheadMs: this.#pbxAheadMs, own: [...this.#live.values()], closing: [...this.#closing], ended: [...this.#ended], foreign: this.#foreign.save() };
  }

  get active(): number {
    return this.#live.size + this.#foreign.active;
  }

  /** Calls presumed ended by a look at the PBX; they end a second later. */
  get presumed(): number {
    return [...this.#closing].filter((callId) => this.#live.get(callId)?.inferredEnd).length + this.#foreign.presumed;
  }

  /** Ended calls and gone channels of which late events are still expected. */
  get remembered(): number {
    return this.#ended.size + this.#foreign.remembered;
  }

  /** @returns ids of calls not heard of since `before` (epoch milliseconds, our clock) */
  quietSince(before: number): string[] {
    const pbxTime = before + this.#pbxAheadMs;
    const own = [...this.#live.values()].filter(({ lastAt }) => lastAt < pbxTime).map(({ callId }) => callId);
    return [...own, ...this.#foreign.quietSince(pbxTime)];
  }

  apply(event: ChannelEvent, now: number): CallEffect[] {
    if (event.kind !== 'seen') this.#pbxAheadMs = event.at - now;
    const effects: CallEffect[] = [];
    for (const callId of this.#callsConcerned(event)) this.#advance(callId, event, now, effects);
    this.#foreign.apply(event, now, effects);
    return effects;
  }

  /** Ends calls whose second half did not come, and forgets old ones; call it about every 250 ms. */
  tick(now: number): CallEffect[] {
    const effects: CallEffect[] = [];
    for (const callId of this.#closing) {
      const call = this.#live.get(callId);
      if (call && (call.closeAt ?? 0) > now) continue;
      this.#closing.delete(callId);
      if (call) this.#store(endCall(call), now, effects);
    }
    this.#foreign.tick(now, effects);
    this.#forget(now);
    return effects;
  }

  /** Holds the book against what the PBX has: unknown channels are adopted, calls without any channel are presumed ended and end a second
   *  later unless their own events come first.
   *  @param channels  all channels of the PBX, asked for after `askedAt` (our clock): younger calls are left alone
   *  @param bridges  asked for as well; without them, who talks to whom is not known of calls adopted in mid-talk */
  reconcile(channels: readonly ChannelSnapshot[], askedAt: number, now: number, bridges: readonly BridgeMembers[] = []): CallEffect[] {
    const effects: CallEffect[] = [];
    const at = now + this.#pbxAheadMs;
    const alive = new Set<string>();
    for (const channel of channels) {
      const own = ownChannel(channel.id);
      if (!own) continue;
      alive.add(own.callId);
      this.#advance(own.callId, { kind: 'seen', at, channel }, now, effects);
    }
    for (const [callId, call] of this.#live) {
      if (alive.has(callId) || call.closeAt !== null || call.startedAt - this.#pbxAheadMs >= askedAt) continue;
      this.#live.set(callId, presumeEnded(call, at, now + LOOK_GRACE_MS));
      this.#closing.add(callId);
    }
    this.#foreign.adopt(channels, bridges, at, now, effects);
    const ids = new Set(channels.map(({ id }) => id));
    this.#foreign.missing(ids, askedAt + this.#pbxAheadMs, (call) => presumeEnded(call, at, now + LOOK_GRACE_MS), now);
    return effects;
  }

  #forget(now: number): void {
    for (const [callId, forgetAt] of this.#ended) {
      if (forgetAt > now) break;
      this.#ended.delete(callId);
    }
  }

  #advance(callId: string, event: ChannelEvent, now: number, effects: CallEffect[]): void {
    if (this.#ended.has(callId)) return;
    const call = this.#live.get(callId) ?? newCall(callId, event.at);
    this.#store(advanceCall(call, event, now, this.#foreign.nameOf), now, effects);
  }

  #store({ state, effects: told }: { state: CallState; effects: readonly CallEffect[] }, now: number, effects: CallEffect[]): void {
    for (const effect of told) effects.push(effect);
    if (told.at(-1)?.type === 'ended') {
      this.#live.delete(state.callId);
      this.#closing.delete(state.callId);
      this.#ended.set(state.callId, now + REMEMBER_ENDED_MS);
      this.#foreign.release(state.callId, now);
      return;
    }
    this.#live.set(state.callId, state);
    if (state.closeAt !== null) this.#closing.add(state.callId);
  }

  /** Own calls that an event is about. A foreign channel matters only to a live call that dialled it, shares a bridge with it, or whose
   *  agent or trunk it is. */
  #callsConcerned(event: ChannelEvent): Set<string> {
    const ids = new Set<string>();
    const primary = ownChannel(event.kind === 'dial' ? event.peer.id : event.channel.id);
    if (primary) ids.add(primary.callId);
    for (const other of neighboursIn(event)) {
      const callId = other === undefined ? undefined : (ownChannel(other)?.callId ?? (TALK.has(event.kind) ? this.#foreign.callOf(other) : undefined));
      if (callId !== undefined && this.#live.has(callId)) ids.add(callId);
    }
    return ids;
  }
}

const TALK: ReadonlySet<ChannelEvent['kind']> = new Set(['hold', 'unhold', 'transfer', 'destroyed']);

function neighboursIn(event: ChannelEvent): readonly (string | undefined)[] {
  switch (event.kind) {
    case 'dial':
      return [event.caller?.id];
    case 'entered_bridge':
      return event.members;
    case 'transfer':
      return [event.channel.id, event.transferee?.id];
    case 'hold':
    case 'unhold':
    case 'destroyed':
      return [event.channel.id];
    default:
      return [];
  }
}
