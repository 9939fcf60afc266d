import type { PbxLink } from './pbx-link.ts';

/** Where the next calls go. */
export interface Place {
  link: PbxLink;
  /** originates that it may get now */
  room: number;
}

/** Deals calls out to the PBXs by their weights: the next ones go to the PBX that, for its weight, had least. Each worker does so for itself;
 *  what one deals out unevenly, because its calls come twenty at a time, is gone after a few rounds. */
export class PbxChoice {
  readonly #links: readonly PbxLink[];
  readonly #maxUnseen: number;
  /** calls dealt out so far ÷ weight */
  readonly #dealt = new Map<PbxLink, number>();
  /** what the last one chosen had: a PBX that was away begins there, or it would get every call until it had caught up */
  #least = 0;

  /** @param maxUnseen originates whose channel was not seen yet, per PBX */
  constructor(links: readonly PbxLink[], maxUnseen: number) {
    this.#links = links;
    this.#maxUnseen = maxUnseen;
  }

  /** Whether any PBX places calls; it may be full for now. */
  get open(): boolean {
    return this.#links.some((link) => link.ready);
  }

  /** @returns null when no PBX has room for one */
  next(): Place | null {
    const places = this.#links.map((link) => ({ link, room: this.#roomOf(link) })).filter(({ room }) => room > 0);
    const [first, ...others] = places;
    if (!first) return null;
    const chosen = others.reduce((best, place) => (this.#shareOf(place.link) < this.#shareOf(best.link) ? place : best), first);
    this.#least = this.#shareOf(chosen.link);
    return chosen;
  }

  /** What was claimed for it: a round that finds nothing due counts for nothing. */
  deal(link: PbxLink, calls: number): void {
    this.#dealt.set(link, this.#shareOf(link) + calls / link.weight);
  }

  #shareOf(link: PbxLink): number {
    return Math.max(this.#dealt.get(link) ?? 0, this.#least);
  }

  #roomOf(link: PbxLink): number {
    return link.ready && link.ami.clockOffsetMs !== null ? this.#maxUnseen - link.originator.unseen : 0;
  }
}
