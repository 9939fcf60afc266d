/** How long after the order to end a dying Asterisk may still write records. */
const DYING_MS = 5_000;
/** No call of ours lasts longer: the queue gives up after 60 s, the carrier talks 30 s at most. */
const LONGEST_CALL_MS = 120_000;
/** Between the start of the dialled half and its INVITE lie the dial gate and a few more steps of the dialplan. */
const UNTIL_INVITE_MS = 2_000;

/** When Asterisk died, and with it the calls that it had. Epoch ms. */
export class PbxOutages {
  readonly #deaths: { at: number; deadBy: number }[];

  constructor(deaths: readonly number[], backs: readonly number[]) {
    this.#deaths = [...deaths]
      .sort((a, b) => a - b)
      .map((at) => ({ at, deadBy: Math.min(at + DYING_MS, ...backs.filter((back) => back > at)) }));
  }

  /** The death that ended a call begun at `startedAt`, provided that it still lived. @returns null when there was none */
  endOf(startedAt: number): number | null {
    const death = this.#deaths.find(({ deadBy }) => startedAt <= deadBy);
    return death && death.at <= startedAt + LONGEST_CALL_MS ? Math.max(death.at, startedAt) : null;
  }

  /** True when Asterisk died so soon after `at` that what comes next in a call may be missing. */
  soonAfter(at: number): boolean {
    const end = this.endOf(at);
    return end !== null && end <= at + UNTIL_INVITE_MS;
  }
}
