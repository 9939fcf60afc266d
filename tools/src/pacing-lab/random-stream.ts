const SPREAD = 0x9e37_79b9;
const ROUNDS_BEFORE_USE = 15;

/** Numbers that look random and repeat for the same seed on every machine (sfc32, by Chris Doty-Humphrey, of PractRand). One stream per
 *  purpose: what one controller uses up never shifts what another draws. */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number, purpose: number) {
    this.#a = Math.imul(seed, SPREAD) | 0;
    this.#b = Math.imul(purpose + 1, SPREAD) | 0;
    this.#c = (seed ^ SPREAD) | 0;
    for (let round = 0; round < ROUNDS_BEFORE_USE; round++) this.next();
  }

  /** @returns 0 < x < 1: never an end, so that its logarithm exists */
  next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return ((sum >>> 0) + 0.5) / 0x1_0000_0000;
  }

  /** @returns seconds until something that comes once in `meanSec` on average */
  exponential(meanSec: number): number {
    return -meanSec * Math.log(this.next());
  }
}
