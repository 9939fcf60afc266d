import type { Half } from './own-channel.ts';

/** Towards which end of its call a channel lies: with the channel that began it, or with whom that one is connected. */
export type Side = 'near' | 'far';

/** A living channel that is none of our halves, and the call that it belongs to: a foreign one, or one of ours whose agent or trunk it is. */
export interface Leg {
  readonly id: string;
  readonly name: string;
  readonly callId: string;
  readonly createdAt: number;
  readonly side: Side;
  /** of a Local channel; null for a channel that somebody is at */
  readonly half: Half | null;
  /** of a Local channel, what both halves are called */
  readonly pair: string;
  readonly outside: boolean;
  /** Asked to hang up, or its other half is gone: its end comes within milliseconds, or was lost. */
  readonly ending: boolean;
}

/** Channels of one call at a time that are followed; a queue that rings more agents at once leaves out the rest. */
export const MAX_LEGS = 500;
/** Names of Local channels repeat after the PBX has restarted; halves of one pair are born together. */
const PAIR_BORN_WITHIN_MS = 5_000;

export interface SavedIndex {
  readonly legs: readonly Leg[];
  readonly gone: readonly (readonly [string, number])[];
}

/** Which channel belongs to which call. A channel that has gone is remembered for a while, so that a late event does not bring it back. */
export class ChannelIndex {
  readonly #legs = new Map<string, Leg>();
  readonly #byCall = new Map<string, Set<string>>();
  /** name of a Local pair → ids of its halves */
  readonly #pairs = new Map<string, Partial<Record<Half, string>>>();
  /** id → when to forget it; in that order */
  readonly #gone = new Map<string, number>();
  readonly #rememberMs: number;

  constructor(rememberMs: number, saved?: SavedIndex) {
    this.#rememberMs = rememberMs;
    for (const leg of saved?.legs ?? []) this.put(leg);
    for (const [id, forgetAt] of saved?.gone ?? []) this.#gone.set(id, forgetAt);
  }

  get remembered(): number {
    return this.#gone.size;
  }

  get(id: string): Leg | undefined {
    return this.#legs.get(id);
  }

  nameOf(id: string): string {
    return this.#legs.get(id)?.name ?? id;
  }

  isGone(id: string): boolean {
    return this.#gone.has(id);
  }

  /** Ids of the living channels of a call. */
  of(callId: string): ReadonlySet<string> {
    return this.#byCall.get(callId) ?? NONE;
  }

  callIds(): string[] {
    return [...this.#byCall.keys()];
  }

  /** Adds a channel, or replaces what is known of it. */
  put(leg: Leg): void {
    this.#dropFromCall(this.#legs.get(leg.id));
    this.#legs.set(leg.id, leg);
    const members = this.#byCall.get(leg.callId);
    if (members) members.add(leg.id);
    else this.#byCall.set(leg.callId, new Set([leg.id]));
    if (leg.half === null) return;
    const halves = this.#pairs.get(leg.pair);
    if (halves) halves[leg.half] = leg.id;
    else this.#pairs.set(leg.pair, { [leg.half]: leg.id });
  }

  /** The living other half of a Local channel. */
  twinOf({ pair, half, createdAt }: Pick<Leg, 'pair' | 'half' | 'createdAt'>): Leg | undefined {
    if (half === null) return undefined;
    const halves = this.#pairs.get(pair);
    const other = halves?.[half === 1 ? 2 : 1];
    const twin = other === undefined ? undefined : this.#legs.get(other);
    return twin && Math.abs(twin.createdAt - createdAt) <= PAIR_BORN_WITHIN_MS ? twin : undefined;
  }

  /** Gives the channels of one call to another. @returns them */
  move(from: string, to: string, side: Side): Leg[] {
    const moved = [...this.of(from)].map((id) => ({ ...(this.#legs.get(id) as Leg), callId: to, side }));
    for (const leg of moved) this.put(leg);
    return moved;
  }

  /** From now on unknown, and not to be taken for a new one. @param now  our clock */
  drop(id: string, now: number): void {
    const leg = this.#legs.get(id);
    if (leg) this.#dropFromCall(leg);
    this.#legs.delete(id);
    this.#gone.delete(id); // to the end of the line
    this.#gone.set(id, now + this.#rememberMs);
    if (!leg || leg.half === null) return;
    const halves = this.#pairs.get(leg.pair);
    if (halves?.[leg.half] === id) delete halves[leg.half];
    if (halves && halves[1] === undefined && halves[2] === undefined) this.#pairs.delete(leg.pair);
  }

  dropAll(callId: string, now: number): void {
    for (const id of [...this.of(callId)]) this.drop(id, now);
  }

  forget(now: number): void {
    for (const [id, forgetAt] of this.#gone) {
      if (forgetAt > now) break;
      this.#gone.delete(id);
    }
  }

  save(): SavedIndex {
    return { legs: [...this.#legs.values()], gone: [...this.#gone] };
  }

  #dropFromCall(leg: Leg | undefined): void {
    if (!leg) return;
    const members = this.#byCall.get(leg.callId);
    members?.delete(leg.id);
    if (members?.size === 0) this.#byCall.delete(leg.callId);
  }
}

const NONE: ReadonlySet<string> = new Set();
