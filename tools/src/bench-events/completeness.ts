import { CallMix } from './call-mix.ts';
import { callNumberOf, varied } from './places.ts';
import { type RecordedCall, typesByCall } from './recorded-call.ts';

export interface Verdict {
  /** calls of which every message came */
  complete: number;
  /** messages that did not come */
  lost: number;
  /** messages that came where another of the same call was due */
  disordered: number;
  /** messages that came again under the same id, as at-least-once allows */
  repeats: number;
  /** messages of calls that nobody played */
  unknown: number;
  /** calls with another number of `call.ended` than one */
  notEndedOnce: number;
}

export interface Received {
  id: string;
  type: string;
  callId: string;
}

interface Seen {
  readonly expected: readonly string[];
  next: number;
  ended: number;
}

/** Holds what a consumer got against what was played. */
export class Completeness {
  readonly #mix: CallMix;
  readonly #epochMs: number;
  readonly #expected: readonly ReadonlyMap<string, readonly string[]>[];
  readonly #ids = new Set<string>();
  readonly #calls = new Map<string, Seen>();
  #disordered = 0;
  #repeats = 0;
  #unknown = 0;

  constructor(recorded: readonly RecordedCall[], { seed, epochMs }: { seed: number; epochMs: number }) {
    this.#mix = new CallMix(seed, recorded.length);
    this.#epochMs = epochMs;
    this.#expected = recorded.map(typesByCall);
  }

  /** Messages that have come, without repeats. */
  get distinct(): number {
    return this.#ids.size;
  }

  take({ id, type, callId }: Received): void {
    if (this.#ids.has(id)) {
      this.#repeats += 1;
      return;
    }
    this.#ids.add(id);
    const call = this.#calls.get(callId) ?? this.#firstOf(callId);
    if (!call) {
      this.#unknown += 1;
      return;
    }
    if (call.expected[call.next] === type) call.next += 1;
    else this.#disordered += 1;
    if (type === 'call.ended') call.ended += 1;
  }

  /** @param firstCall  number of the first call played; @param calls  how many were */
  verdict(firstCall: number, calls: number): Verdict {
    const verdict: Verdict = { complete: 0, lost: 0, disordered: this.#disordered, repeats: this.#repeats, unknown: this.#unknown, notEndedOnce: 0 };
    for (let n = firstCall; n < firstCall + calls; n += 1) {
      for (const [callId, expected] of this.#expected[this.#mix.kindOf(n)] ?? []) {
        const { next, ended } = this.#calls.get(varied(callId, n, this.#epochMs)) ?? { next: 0, ended: 0 };
        verdict.lost += expected.length - next;
        if (next === expected.length) verdict.complete += 1;
        if (ended !== 1) verdict.notEndedOnce += 1;
      }
    }
    return verdict;
  }

  #firstOf(callId: string): Seen | null {
    const n = callNumberOf(callId);
    if (n === null) return null;
    for (const [original, expected] of this.#expected[this.#mix.kindOf(n)] ?? []) {
      if (varied(original, n, this.#epochMs) !== callId) continue;
      const seen = { expected, next: 0, ended: 0 };
      this.#calls.set(callId, seen);
      return seen;
    }
    return null;
  }
}
