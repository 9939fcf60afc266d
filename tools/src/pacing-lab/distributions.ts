import type { RandomStream } from './random-stream.ts';

/** Draws from a gamma distribution of shape 3. @param mean  of the distribution */
export function gamma3(random: RandomStream, mean: number): number {
  return (-mean / 3) * Math.log(random.next() * random.next() * random.next());
}

/** Chance that a draw from a gamma distribution of shape 3 is below `value`. */
export function gamma3Below(value: number, mean: number): number {
  if (value <= 0) return 0;
  const x = (3 * value) / mean;
  return 1 - Math.exp(-x) * (1 + x + (x * x) / 2);
}

/** A lognormal distribution by what people know of it. */
export class Lognormal {
  readonly #logMean: number;
  readonly #logSd: number;

  /** @param cv  standard deviation / mean */
  constructor(mean: number, cv: number) {
    const variance = Math.log(1 + cv * cv);
    this.#logMean = Math.log(mean) - variance / 2;
    this.#logSd = Math.sqrt(variance);
  }

  /** @param z  drawn from the standard normal distribution */
  at(z: number): number {
    return Math.exp(this.#logMean + this.#logSd * z);
  }
}

/** Draws two independent standard normal numbers at once (Box and Muller) into `into`. */
export function drawNormals(random: RandomStream, into: Float64Array): void {
  const radius = Math.sqrt(-2 * Math.log(random.next()));
  const angle = 2 * Math.PI * random.next();
  into[0] = radius * Math.cos(angle);
  into[1] = radius * Math.sin(angle);
}
