import { allowedRisk, FIRST_BUDGET, payIn, takeOut } from '@discador/domain/pacing/budget';
import { createState } from '@discador/domain/pacing/create-state';
import { shortfallOf, type Coins } from '@discador/domain/pacing/shortfall';
import type { Campaign } from '@discador/domain/pacing/types';
import type { Controller, MakeController, PoolEvents } from './controller.ts';
import { PoolCounts } from './peers/pool-counts.ts';
import { answeredBefore, chanceToBeAnswered, RING_TIMEOUT_SEC } from './world/drawn-calls.ts';
import type { Foresight } from './world/world.ts';

/** What pacing could do if somebody knew when each agent will be free, and how people answer: the predictive controller's rule and budget, but
 *  who is free by then is known, and what is left to chance is who answers, and when. */
export const reference: MakeController = (agents, foresight) => new Reference(agents, foresight);

class Reference implements Controller {
  readonly tickSec = 1;
  readonly events: PoolEvents;
  readonly #pool: PoolCounts;
  readonly #foresight: Foresight;
  readonly #agents: number;
  readonly #campaign = createState({ mode: 'predictive' }).campaigns[0] as Campaign;
  #budget = FIRST_BUDGET;
  readonly #dialledIn: number[] = [];
  /** calls that ring, by the second in which they were dialled, modulo the ring time-out */
  readonly #ringing = new Int32Array(RING_TIMEOUT_SEC);

  constructor(agents: number, foresight: Foresight) {
    this.#pool = new PoolCounts(agents);
    this.#foresight = foresight;
    this.#agents = agents;
    this.events = this.#listen();
  }

  callsToStart(now: number): number {
    const freeing = this.#foresight.freeing(now, RING_TIMEOUT_SEC).map((agents, sec): Coins => [agents, 1 - answeredBefore(sec + 0.5)]);
    const next = chanceToBeAnswered(this.#rateAt(now), 0);
    const answering: Coins[] = [[this.#pool.ordered, next]];
    for (let age = 1; age < RING_TIMEOUT_SEC; age++) {
      const calls = this.#ringing[(now - age + RING_TIMEOUT_SEC) % RING_TIMEOUT_SEC] ?? 0;
      if (calls > 0) answering.push([calls, chanceToBeAnswered(this.#rateAt(now - age), age)]);
    }
    const shortfall = shortfallOf({ idle: this.#pool.idle - this.#pool.waiting, freeing, answering });
    const allowed = allowedRisk(this.#budget, this.#campaign, this.#agents, now);
    const most = Math.min(Math.max(10, 3 * this.#agents), 8 * this.#agents - this.#pool.ringing);
    let n = 0;
    for (; n < most && shortfall.risk <= allowed; n++) shortfall.addCall(next);
    return n;
  }

  #rateAt(dialledAt: number): number {
    return this.#foresight.answerRate(Math.max(0, dialledAt));
  }

  #listen(): PoolEvents {
    const pool = this.#pool;
    return {
      order: (at, n) => pool.order(at, n),
      dial: (at, call) => {
        pool.dial(at, call);
        this.#dialledIn[call] = Math.floor(at) % RING_TIMEOUT_SEC;
        this.#count(call, 1);
      },
      ringEnd: (at, call, answered) => {
        pool.ringEnd(at, call, answered);
        this.#count(call, -1);
        if (answered) this.#budget = payIn(this.#budget, this.#campaign, this.#agents, at);
      },
      connect: (at, call, agent) => pool.connect(at, call, agent),
      abandon: (at) => {
        pool.abandon();
        this.#budget = takeOut(this.#budget, this.#campaign, this.#agents, at);
      },
      talkEnd: (at, call, agent) => pool.talkEnd(at, call, agent),
      wrapEnd: () => pool.wrapEnd(),
      agentIn: () => pool.agentIn(),
      agentLeaving: () => pool.agentLeaving(),
      agentOut: () => pool.agentOut(),
    };
  }

  #count(call: number, change: number): void {
    const second = this.#dialledIn[call] ?? 0;
    this.#ringing[second] = (this.#ringing[second] ?? 0) + change;
  }
}
