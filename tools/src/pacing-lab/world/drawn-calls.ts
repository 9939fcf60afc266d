import { drawNormals, gamma3, gamma3Below, Lognormal } from '../distributions.ts';
import { RandomStream } from '../random-stream.ts';
import type { CallModel } from './world.ts';

/** How customers behave; seconds. */
export interface Traffic {
  /** share of the calls dialled at `at` that are answered, if nobody hangs up before */
  answerRate(at: number): number;
  /** from the first ring to the answer, beyond the 2 s until it rings */
  ringMeanSec: number;
  /** talk with a person; its coefficient of variation is 1 */
  talkMeanSec(at: number): number;
  /** share of the answers that are machines, of which the agent is rid after a few seconds */
  machineShare: number;
}

export const USUAL_TRAFFIC: Omit<Traffic, 'answerRate'> = { ringMeanSec: 8, talkMeanSec: () => 150, machineShare: 0 };

export const RING_TIMEOUT_SEC = 28;
const UNTIL_IT_RINGS_SEC = 2;
/** Of the calls that nobody answers. */
const RINGS_OUT = 0.7;
const BUSY = 0.15;
const BUSY_SEC = 3;
const FAILED_SEC = 1;
const MACHINE_SEC = 8;
const WRAP_UP = new Lognormal(17, 0.5);
const TALK = new Lognormal(1, 1);

/** Chance that a call that has rung for `ageSec` seconds will be answered, where `rate` of all calls are; rings of usual length. */
export function chanceToBeAnswered(rate: number, ageSec: number): number {
  const toCome = rate * (1 - answeredBefore(ageSec));
  const neither = (1 - rate) * (RINGS_OUT + (ageSec < BUSY_SEC ? BUSY : 0) + (ageSec < FAILED_SEC ? 1 - RINGS_OUT - BUSY : 0));
  return toCome / (toCome + neither);
}

/** Share of those who answer who have answered by then. */
export const answeredBefore = (sec: number): number => gamma3Below(sec - UNTIL_IT_RINGS_SEC, USUAL_TRAFFIC.ringMeanSec);

const OUTCOME_STREAM = 1;
const RING_STREAM = 2;
const TALK_STREAM = 3;
const MACHINE_STREAM = 4;

/** Draws calls from the distributions of the laboratory: ring 2 s + gamma (shape 3), talk and wrap-up lognormal. */
export class DrawnCalls implements CallModel {
  readonly #traffic: Traffic;
  readonly #outcomes: RandomStream;
  readonly #rings: RandomStream;
  readonly #talks: RandomStream;
  readonly #machines: RandomStream;
  readonly #normals = new Float64Array(2);

  constructor(traffic: Traffic, seed: number) {
    this.#traffic = traffic;
    this.#outcomes = new RandomStream(seed, OUTCOME_STREAM);
    this.#rings = new RandomStream(seed, RING_STREAM);
    this.#talks = new RandomStream(seed, TALK_STREAM);
    this.#machines = new RandomStream(seed, MACHINE_STREAM);
  }

  ringSec(at: number): number {
    const rate = this.#traffic.answerRate(at);
    const chance = this.#outcomes.next();
    if (chance < rate) {
      const sec = UNTIL_IT_RINGS_SEC + gamma3(this.#rings, this.#traffic.ringMeanSec);
      return sec < RING_TIMEOUT_SEC ? sec : -RING_TIMEOUT_SEC;
    }
    const why = (chance - rate) / (1 - rate);
    return why < RINGS_OUT ? -RING_TIMEOUT_SEC : why < RINGS_OUT + BUSY ? -BUSY_SEC : -FAILED_SEC;
  }

  talkSec(at: number): number {
    drawNormals(this.#talks, this.#normals);
    const { machineShare } = this.#traffic;
    const mean = machineShare > 0 && this.#machines.next() < machineShare ? MACHINE_SEC : this.#traffic.talkMeanSec(at);
    return mean * TALK.at(this.#normals[0] ?? 0);
  }

  wrapUpSec(): number {
    return WRAP_UP.at(this.#normals[1] ?? 0);
  }
}
