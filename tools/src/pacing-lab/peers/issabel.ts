import type { MakeController } from '../controller.ts';
import { countingController, type PoolCounts } from './pool-counts.ts';

const TICK_SEC = 3;
const WINDOW_MINUTES = 30;
const LEAST_ANSWER_RATIO = 0.2;
/** Finished talks before it predicts, and calls before it trusts its answer ratio. */
const LEAST_SAMPLES = 10;

/** Issabel's (Elastix') call center: counts an agent as free when the chance, by an exponential distribution, that the talk is over when the
 *  next call is answered reaches `qos`. */
export function issabel(qos: number): MakeController {
  return (agents) => {
    const ratio = new AnswerRatio();
    return countingController(agents, TICK_SEC, (pool, now) => {
      const free = pool.idle + agentsAboutToFree(pool, qos, now);
      return linesFor(Math.max(0, free - pool.waiting), pool.ringing, ratio.lately(pool, now));
    });
  };
}

/** @param ratio  answers / calls of the last half hour; undefined when there were too few */
export function linesFor(agents: number, unanswered: number, ratio: number | undefined): number {
  const missing = agents - unanswered;
  if (missing <= 0) return 0;
  return ratio === undefined ? missing : Math.round(missing / Math.max(ratio, LEAST_ANSWER_RATIO));
}

/** Chance that a talk of exponential length has ended `untilAnswerSec` from now. */
export function chanceToEnd(elapsedSec: number, untilAnswerSec: number, meanTalkSec: number): number {
  return 1 - Math.exp(-(elapsedSec + untilAnswerSec) / meanTalkSec);
}

function agentsAboutToFree(pool: PoolCounts, qos: number, now: number): number {
  if (pool.talks < LEAST_SAMPLES) return 0;
  const untilAnswerSec = pool.answerSec / Math.max(pool.answers, 1);
  const meanTalkSec = pool.talkSec / pool.talks;
  return pool.talkingSince.reduce((sum, since) => sum + (since >= 0 && chanceToEnd(now - since, untilAnswerSec, meanTalkSec) >= qos ? 1 : 0), 0);
}

/** Answers / calls over the last half hour, read off totals kept once a minute. */
class AnswerRatio {
  readonly #totals: { dials: number; answers: number }[] = [];

  lately(pool: PoolCounts, now: number): number | undefined {
    if (now >= this.#totals.length * 60) this.#totals.push({ dials: pool.dials, answers: pool.answers });
    const before = this.#totals[Math.max(0, this.#totals.length - 1 - WINDOW_MINUTES)] ?? { dials: 0, answers: 0 };
    const dials = pool.dials - before.dials;
    const answers = pool.answers - before.answers;
    return dials < LEAST_SAMPLES || answers === 0 ? undefined : answers / dials;
  }
}
