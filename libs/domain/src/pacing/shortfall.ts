/** Chance that the next answer finds no agent: that of those who may come free not more do than there are answers.
 *
 *  Each agent who may come free and each call that may be answered is a coin with a chance of its own. For small pools the coins are tossed exactly,
 *  for large ones their sum is as good as normal. */

/** Coins with the same chance: how many, and the chance. */
export type Coins = readonly [number: number, chance: number];

export interface Prospect {
  /** agents idle now, less callers who wait: may be below 0 */
  readonly idle: number;
  readonly freeing: readonly Coins[];
  readonly answering: readonly Coins[];
}

export interface Shortfall {
  readonly risk: number;
  /** after one more call with this chance of an answer */
  addCall(chance: number): void;
}

/** Tossing 260 coins exactly takes some 30 µs. */
const EXACTLY = { agents: 60, calls: 200 };
/** Not worth a toss. */
const NEVER = 1e-4;

export function shortfallOf(prospect: Prospect): Shortfall {
  const exact = tally(prospect.freeing) <= EXACTLY.agents && tally(prospect.answering) <= EXACTLY.calls;
  return exact ? tossed(prospect) : approximated(prospect);
}

const tally = (coins: readonly Coins[]): number => coins.reduce((sum, [number, chance]) => sum + (chance > NEVER ? number : 0), 0);

/** Counts agents who stay busy and calls that are answered: as many of them together as there are idle or perhaps free agents is a shortfall. */
function tossed({ idle, freeing, answering }: Prospect): Shortfall {
  const capacity = Math.max(0, idle + tally(freeing));
  // chances[k]: k of them so far; what reaches the capacity leaves the array
  const chances = new Float64Array(capacity);
  if (capacity > 0) chances[0] = 1;
  let top = 0;
  const toss = (chance: number): void => {
    top = Math.min(top + 1, capacity - 1);
    for (let k = top; k > 0; k--) chances[k] = (chances[k] ?? 0) * (1 - chance) + (chances[k - 1] ?? 0) * chance;
    if (capacity > 0) chances[0] = (chances[0] ?? 0) * (1 - chance);
  };
  for (const [number, chance] of freeing) if (chance > NEVER) for (let i = 0; i < number; i++) toss(1 - chance);
  for (const [number, chance] of answering) if (chance > NEVER) for (let i = 0; i < number; i++) toss(chance);
  return {
    get risk() {
      let enough = 0;
      for (let k = 0; k <= top && k < capacity; k++) enough += chances[k] ?? 0;
      return 1 - enough;
    },
    addCall: toss,
  };
}

function approximated({ idle, freeing, answering }: Prospect): Shortfall {
  let mean = idle;
  let variance = 0;
  const add = ([number, chance]: Coins, sign: number): void => {
    mean += sign * number * chance;
    variance += number * chance * (1 - chance);
  };
  for (const coins of freeing) add(coins, 1);
  for (const coins of answering) add(coins, -1);
  return {
    get risk() {
      return normalBelow((0.5 - mean) / Math.sqrt(Math.max(variance, 1e-9)));
    },
    addCall: (chance) => add([1, chance], -1),
  };
}

/** Φ, after Abramowitz and Stegun 26.2.17; off by less than 1e-7. */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return x >= 0 ? 1 - above : above;
}
