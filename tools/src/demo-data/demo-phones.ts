import { Chance } from './chance.ts';

/** Shares of the outcomes, and the last digits that the simulated carrier answers with them (contract 5). */
const WEIGHTS = { answers: 11, machine: 1, ringsOut: 8, busy: 34, congestion: 14, rejected: 10, unallocated: 22 } as const;
const LAST_DIGITS = { answers: [1, 9, 7], machine: [6], ringsOut: [3], busy: [2], congestion: [4], rejected: [8], unallocated: [5] } as const;
export type Outcome = keyof typeof WEIGHTS;

/** 5 digits are free; a stride prime to their number visits each once, in no order that one sees. */
const FREE = 100_000;
const STRIDE = 61_803;

/** Mobile numbers of which no two are alike, each with an outcome at the simulated carrier. */
export class DemoPhones {
  readonly #chance: Chance;
  #made = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** @returns nine digits, `9XXXXXRTO`: rings R s, talks 2 × T s, ends as O */
  next(outcome: Outcome = this.#chance.weighted(WEIGHTS)): string {
    const free = (++this.#made * STRIDE) % FREE;
    const ringSec = this.#chance.below(3);
    const talkUnits = this.#chance.next() < 0.25 ? 2 : 1;
    return `9${String(free).padStart(5, '0')}${ringSec}${talkUnits}${this.#chance.pick(LAST_DIGITS[outcome])}`;
  }
}

const HOME_AREA = '11';

/** Writes a number in one of the ways that people do. */
export function writtenAs(chance: Chance, area: string, mobile: string): string {
  const [head, tail] = [mobile.slice(0, 5), mobile.slice(5)];
  const ways = [
    `(${area}) ${head}-${tail}`, `(${area}) ${head}-${tail}`, `${area} ${head}-${tail}`, `${area}${mobile}`, `+55 ${area} ${head}-${tail}`,
    `55${area}${mobile}`, `0${area} ${head} ${tail}`, `0 15 ${area} ${head}-${tail}`, `(0xx${area}) ${head}.${tail}`,
    // Of before 2016: without the ninth digit, which begins with 6 to 9 only.
    ...(/^9[6-9]/.test(mobile) ? [`(${area}) ${mobile.slice(1, 5)}-${tail}`] : []),
    ...(area === HOME_AREA ? [`${head}-${tail}`] : []),
  ];
  return chance.pick(ways);
}
