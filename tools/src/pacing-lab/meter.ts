export const QUARTER_SEC = 900;
const LONGEST_SPELL_SEC = 900;

/** What one run gave, after its warm-up. */
export interface RunFigures {
  /** calls dialled, the warm-up included: what the simulator did */
  simulatedCalls: number;
  dials: number;
  answers: number;
  abandons: number;
  /** talk and wrap-up, % of the staffed time */
  occupancy: number;
  /** % of the answers */
  abandonment: number;
  staffedSec: number;
  /** how long agents wait between two calls */
  agentWait: { meanSec: number; p95Sec: number };
  /** the 15 minutes, beginning at any second, with most abandons above 3 % of the answers */
  worstQuarter: { answers: number; abandons: number; above: number };
}

/** Counts one run, from `fromSec` on. */
export class Meter {
  readonly #from: number;
  readonly #to: number;
  readonly #answersBySec: Uint16Array;
  readonly #abandonsBySec: Uint16Array;
  readonly #idleSpells = new Uint32Array(LONGEST_SPELL_SEC + 1);
  #simulatedCalls = 0;
  #dials = 0;
  #answers = 0;
  #abandons = 0;
  #idleSec = 0;
  #busySec = 0;
  #spells = 0;
  #spellSec = 0;

  constructor(fromSec: number, toSec: number) {
    this.#from = fromSec;
    this.#to = toSec;
    this.#answersBySec = new Uint16Array(Math.ceil(toSec - fromSec));
    this.#abandonsBySec = new Uint16Array(Math.ceil(toSec - fromSec));
  }

  dial(at: number): void {
    this.#simulatedCalls++;
    if (at >= this.#from) this.#dials++;
  }

  answer(at: number): void {
    if (at < this.#from) return;
    this.#answers++;
    countOne(this.#answersBySec, at - this.#from);
  }

  abandon(at: number): void {
    if (at < this.#from) return;
    this.#abandons++;
    countOne(this.#abandonsBySec, at - this.#from);
  }

  /** An agent talked or wrapped up. */
  busy(since: number, until: number): void {
    this.#busySec += this.#measured(since, until);
  }

  /** An agent was idle. @param forCall  the spell ended with a call */
  idle(since: number, until: number, forCall: boolean): void {
    this.#idleSec += this.#measured(since, until);
    if (!forCall || until < this.#from) return;
    this.#spells++;
    this.#spellSec += until - since;
    countOne(this.#idleSpells, Math.min(LONGEST_SPELL_SEC, until - since));
  }

  figures(): RunFigures {
    const staffedSec = this.#idleSec + this.#busySec;
    return {
      simulatedCalls: this.#simulatedCalls,
      dials: this.#dials,
      answers: this.#answers,
      abandons: this.#abandons,
      occupancy: (100 * this.#busySec) / Math.max(staffedSec, 1e-9),
      abandonment: (100 * this.#abandons) / Math.max(this.#answers, 1),
      staffedSec,
      agentWait: { meanSec: this.#spellSec / Math.max(this.#spells, 1), p95Sec: this.#spellQuantile(0.95) },
      worstQuarter: worstQuarter(this.#answersBySec, this.#abandonsBySec),
    };
  }

  #measured(since: number, until: number): number {
    return Math.max(0, Math.min(until, this.#to) - Math.max(since, this.#from));
  }

  #spellQuantile(quantile: number): number {
    let seen = 0;
    const index = this.#idleSpells.findIndex((count) => (seen += count) >= quantile * this.#spells);
    return Math.max(0, index);
  }
}

function countOne(counts: Uint16Array | Uint32Array, second: number): void {
  const index = Math.floor(second);
  counts[index] = (counts[index] ?? 0) + 1;
}

/** Slides 15 minutes over the seconds of a run. */
export function worstQuarter(answersBySec: ArrayLike<number>, abandonsBySec: ArrayLike<number>): RunFigures['worstQuarter'] {
  let worst = { answers: 0, abandons: 0, above: 0 };
  let answers = 0;
  let abandons = 0;
  for (let second = 0; second < answersBySec.length; second++) {
    answers += (answersBySec[second] ?? 0) - (second < QUARTER_SEC ? 0 : (answersBySec[second - QUARTER_SEC] ?? 0));
    abandons += (abandonsBySec[second] ?? 0) - (second < QUARTER_SEC ? 0 : (abandonsBySec[second - QUARTER_SEC] ?? 0));
    const above = abandons - 0.03 * answers;
    if (above > worst.above) worst = { answers, abandons, above };
  }
  return worst;
}
