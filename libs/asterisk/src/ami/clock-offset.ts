interface Sample {
  offsetMs: number;
  roundTripMs: number;
}

const KEPT = 8;

/** How far another clock is ahead of ours, from time-stamped answers: of the last eight the one with the shortest round trip, because
 *  that one's error (at most half the trip) is the smallest. */
export class ClockOffset {
  #samples: Sample[] = [];

  /** Whole milliseconds; null before the first answer. */
  get offsetMs(): number | null {
    if (this.#samples.length === 0) return null;
    return this.#samples.reduce((best, sample) => (sample.roundTripMs < best.roundTripMs ? sample : best)).offsetMs;
  }

  /** @param theirMs  the other clock's epoch milliseconds in the answer; anything but a number is ignored
   *  @param sentMs  our epoch milliseconds when asked, @param receivedMs  and when answered */
  observe(theirMs: number, sentMs: number, receivedMs: number): void {
    if (!Number.isFinite(theirMs)) return;
    // Whole, like the clocks: what is reckoned from it goes into events as whole milliseconds.
    const sample = { offsetMs: Math.round(theirMs - (sentMs + receivedMs) / 2), roundTripMs: receivedMs - sentMs };
    this.#samples = [...this.#samples.slice(1 - KEPT), sample];
  }

  forget(): void {
    this.#samples = [];
  }
}
