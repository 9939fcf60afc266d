import { Chance } from '../demo-data/chance.ts';
import { CallMix } from './call-mix.ts';
import type { Frame, RecordedCall } from './recorded-call.ts';
import { type Place, textAt } from './places.ts';

/** Calls that begin in a second of the recordings' time: with the mix of the recordings about 20,000 events. */
const CALLS_PER_SECOND = 630;
/** Longest recording that fits; a power of two. */
const RING_MS = 16_384;

export interface PlayerOptions {
  recorded: readonly RecordedCall[];
  seed: number;
  /** number of the first call; a run goes on where the one before ended, so that no two calls of a measurement are the same */
  firstCall: number;
  /** goes into the attempt ids */
  epochMs: number;
}

interface Playing {
  readonly n: number;
  readonly recorded: RecordedCall;
  readonly texts: (Buffer | null)[];
  next: number;
}

interface Told {
  readonly type: string;
  readonly channel?: { id: string };
  readonly peer?: { id: string };
  readonly caller?: { id: string };
  readonly bridge?: { id: string };
}

/** Plays many recorded calls at once: they begin one after the other and their events interleave as their recordings' times say, while the
 *  wall clock is the caller's: it decides how fast events are taken, and each carries the time at which it was. */
export class CallPlayer {
  readonly #options: PlayerOptions;
  readonly #mix: CallMix;
  readonly #chance: Chance;
  /** per millisecond the calls whose next event is then */
  readonly #ring: Playing[][] = Array.from({ length: RING_MS }, () => []);
  readonly #live = new Set<Playing>();
  #nowMs = 0;
  #cursor = 0;
  #owed = 0;
  #begun = 0;
  #open = true;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#mix = new CallMix(options.seed, options.recorded.length);
    this.#chance = new Chance(options.seed + options.firstCall);
  }

  /** Calls begun so far. */
  get begun(): number {
    return this.#begun;
  }

  /** Begins no more calls; those going on are played to their ends. */
  finish(): void {
    this.#open = false;
  }

  /** Writes the next event into `buffer` at `offset`.
   *  @param stamp  what the event's timestamp says, 28 bytes
   *  @returns what was written; null when all calls have ended */
  play(buffer: Buffer, offset: number, stamp: Buffer): Frame | null {
    const call = this.#speaker();
    if (!call) return null;
    const frame = call.recorded.frames[call.next] as Frame;
    buffer.set(frame.bytes, offset);
    for (const { at, place } of frame.found) buffer.set((call.texts[place] ??= this.#textOf(call, place, stamp)) ?? stamp, offset + at);
    this.#goOn(call, frame);
    return frame;
  }

  /** The channels that live now, as ARI tells them. */
  channels(): unknown[] {
    return [...this.#live].flatMap((call) => this.#channelsOf(call));
  }

  /** The bridges that there are now, as ARI tells them. */
  bridges(): unknown[] {
    return [...this.#live].flatMap((call) => this.#bridgesOf(call));
  }

  /** @returns null for the time of the event itself, which differs from event to event */
  #textOf(call: Playing, index: number, stamp: Buffer): Buffer | null {
    const place = call.recorded.places[index] as Place;
    if (place.kind === 'now') return null;
    return place.kind === 'created' ? stamp : Buffer.from(textAt(place, call.n, this.#options.epochMs), 'latin1');
  }

  #speaker(): Playing | null {
    for (;;) {
      const call = this.#ring[this.#nowMs % RING_MS]?.[this.#cursor];
      if (call) return call;
      if (!this.#open && this.#live.size === 0) return null;
      this.#nextMillisecond();
    }
  }

  #goOn(call: Playing, frame: Frame): void {
    this.#cursor += 1;
    call.next += 1;
    const following = call.recorded.frames[call.next];
    if (following) this.#ring[(this.#nowMs + following.offsetMs - frame.offsetMs) % RING_MS]?.push(call);
    else this.#live.delete(call);
  }

  #nextMillisecond(): void {
    this.#ring[this.#nowMs % RING_MS] = [];
    this.#nowMs += 1;
    this.#cursor = 0;
    if (!this.#open) return;
    this.#owed += (2 * this.#chance.next() * CALLS_PER_SECOND) / 1_000;
    for (; this.#owed >= 1; this.#owed -= 1) this.#begin();
  }

  #begin(): void {
    const n = this.#options.firstCall + this.#begun;
    const recorded = this.#options.recorded[this.#mix.kindOf(n)] as RecordedCall;
    const call: Playing = { n, recorded, texts: recorded.places.map(() => null), next: 0 };
    this.#begun += 1;
    this.#live.add(call);
    this.#ring[this.#nowMs % RING_MS]?.push(call);
  }

  #channelsOf(call: Playing): unknown[] {
    const channels = new Map<string, unknown>();
    for (const { type, channel, peer, caller } of this.#told(call)) {
      for (const named of [channel, peer, caller]) if (named) channels.set(named.id, named);
      if (type === 'ChannelDestroyed' && channel) channels.delete(channel.id);
    }
    return [...channels.values()];
  }

  #bridgesOf(call: Playing): unknown[] {
    const bridges = new Map<string, unknown>();
    for (const { type, bridge } of this.#told(call)) {
      if (bridge) bridges.set(bridge.id, bridge);
      if (type === 'BridgeDestroyed' && bridge) bridges.delete(bridge.id);
    }
    return [...bridges.values()];
  }

  /** The events of a call until now. */
  #told(call: Playing): Told[] {
    return call.recorded.frames.slice(0, call.next).map((frame) => JSON.parse(this.#rendered(call, frame)) as Told);
  }

  #rendered(call: Playing, frame: Frame): string {
    const bytes = Buffer.from(frame.bytes);
    for (const { at, place } of frame.found) bytes.set(call.texts[place] ?? [], at);
    return bytes.toString('latin1', frame.bytes.length < 128 ? 2 : 4);
  }
}
