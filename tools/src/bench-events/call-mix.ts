import { Chance } from '../demo-data/chance.ts';

/** Which recording each call plays: all of them once in every round, in an order that the seed decides. */
export class CallMix {
  readonly #seed: number;
  readonly #kinds: number;
  readonly #rounds = new Map<number, number[]>();

  constructor(seed: number, kinds: number) {
    this.#seed = seed;
    this.#kinds = kinds;
  }

  /** @returns index of the recording that call `n` plays */
  kindOf(n: number): number {
    const number = Math.floor(n / this.#kinds);
    let round = this.#rounds.get(number);
    if (!round) this.#rounds.set(number, (round = this.#shuffled(number)));
    return round[n % this.#kinds] ?? 0;
  }

  #shuffled(round: number): number[] {
    const chance = new Chance(this.#seed * 0x9e37 + round);
    const order = Array.from({ length: this.#kinds }, (_, kind) => kind);
    for (let i = order.length - 1; i > 0; i -= 1) {
      const j = chance.below(i + 1);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return order;
  }
}
