import { advanceCall, endCall, presumeEnded } from './advance-call.ts';
import { newCall, type CallEffect, type CallState } from './call-state.ts';
import type { ChannelEvent, ChannelSnapshot } from './channel-event.ts';
import { ownChannel } from './own-channel.ts';

/** How long an ended call is remembered, so that a late event does not bring it to life again. */
export const REMEMBER_ENDED_MS = 60_000;
/** Events still under way when the PBX was asked arrive within this time. */
const LOOK_GRACE_MS = 1_000;

/** All calls of one PBX: finds whom an event concerns and lets the pure step do the rest. Deterministic; holds live calls, and for a minute
 *  the ids of ended ones. `now` is our clock in epoch milliseconds and does not go back. */
export class CallBook {
  readonly #live = new Map<string, CallState>();
  readonly #closing = new Set<string>();
  /** id → when to forget it; in that order, because they are added as they end. */
  readonly #ended = new Map<string, number>();
  /** PBX clock minus ours, as the last event had it. */
  #pbxAheadMs = 0;

  get active(): number {
    return this.#live.size;
  }

  /** Calls presumed ended by a look at the PBX; they end a second later. */
  get presumed(): number {
    return [...this.#closing].filter((callId) => this.#live.get(callId)?.inferredEnd).length;
  }

  get remembered(): number {
    return this.#ended.size;
  }

  /** @returns ids of calls not heard of since `before` (epoch milliseconds, our clock) */
  quietSince(before: number): string[] {
    return [...this.#live.values()].filter((call) => call.lastAt - this.#pbxAheadMs < before).map((call) => call.callId);
  }

  apply(event: ChannelEvent, now: number): CallEffect[] {
    if (event.kind !== 'seen') this.#pbxAheadMs = event.at - now;
    const effects: CallEffect[] = [];
    for (const callId of callsConcerned(event, this.#live)) this.#advance(callId, event, now, effects);
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
    for (const [callId, forgetAt] of this.#ended) {
      if (forgetAt > now) break;
      this.#ended.delete(callId);
    }
    return effects;
  }

  /** Holds the book against what the PBX has: unknown channels are adopted, calls without any channel are presumed ended and end a second
   *  later unless their own events come first.
   *  @param channels  all channels of the PBX, asked for after `askedAt` (our clock): younger calls are left alone */
  reconcile(channels: readonly ChannelSnapshot[], askedAt: number, now: number): CallEffect[] {
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
    return effects;
  }

  #advance(callId: string, event: ChannelEvent, now: number, effects: CallEffect[]): void {
    if (this.#ended.has(callId)) return;
    const call = this.#live.get(callId) ?? newCall(callId, event.at);
    this.#store(advanceCall(call, event, now), now, effects);
  }

  #store({ state, effects: told }: { state: CallState; effects: readonly CallEffect[] }, now: number, effects: CallEffect[]): void {
    for (const effect of told) effects.push(effect);
    if (told.at(-1)?.type === 'ended') {
      this.#live.delete(state.callId);
      this.#closing.delete(state.callId);
      this.#ended.set(state.callId, now + REMEMBER_ENDED_MS);
      return;
    }
    this.#live.set(state.callId, state);
    if (state.closeAt !== null) this.#closing.add(state.callId);
  }
}

/** Own calls that an event is about. A foreign channel matters only to a live call that dialled it or shares a bridge with it. */
function callsConcerned(event: ChannelEvent, live: ReadonlyMap<string, CallState>): Set<string> {
  const ids = new Set<string>();
  const primary = ownChannel(event.kind === 'dial' ? event.peer.id : event.channel.id);
  if (primary) ids.add(primary.callId);
  const others = event.kind === 'dial' ? [event.caller?.id] : event.kind === 'entered_bridge' ? event.members : [];
  for (const other of others) {
    const own = other === undefined ? null : ownChannel(other);
    if (own && live.has(own.callId)) ids.add(own.callId);
  }
  return ids;
}
