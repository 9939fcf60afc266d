import fc from 'fast-check';

/** What a world is made of. Clocks are ahead of the database's by so many milliseconds. */
export interface WorldPlan {
  workerSkewMs: number[];
  masterSkewMs: number[];
  pbxSkewMs: number[];
  /** error of the measured offset between a worker's and a PBX's clock */
  offsetErrorMs: number;
  retryDelaySec: number;
  maxAttempts: number;
  /** one number per step; which step that is depends on what is possible by then */
  choices: number[];
}

/** Clocks are seconds apart; what a worker measures of a PBX's clock is right to half a second. Shrinks to few steps, equal clocks, and to what is harmless. */
export const worldPlans = (maxSteps: number): fc.Arbitrary<WorldPlan> => {
  const skew = fc.constantFrom(0, -700, 900, -3500, 4000, -8000, 11_000);
  return fc.record({
    workerSkewMs: fc.tuple(skew, skew, skew),
    masterSkewMs: fc.tuple(skew, skew),
    pbxSkewMs: fc.tuple(skew, skew),
    offsetErrorMs: fc.integer({ min: -500, max: 500 }),
    retryDelaySec: fc.constantFrom(0, 20, 60),
    maxAttempts: fc.integer({ min: 1, max: 3 }),
    choices: fc.noBias(fc.array(fc.nat(2 ** 30), { maxLength: maxSteps, size: 'max' })),
  });
};

/** Reads small numbers out of one choice. */
export class Choice {
  #left: number;

  constructor(choice: number) {
    this.#left = choice;
  }

  /** @returns 0…`among` − 1 */
  of(among: number): number {
    const chosen = this.#left % among;
    this.#left = Math.floor(this.#left / among);
    return chosen;
  }

  pick<T>(among: readonly T[]): T {
    const chosen = among[this.of(among.length)];
    if (chosen === undefined) throw new RangeError('nothing to choose from');
    return chosen;
  }
}
