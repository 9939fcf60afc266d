import type { Controller, PoolEvents } from '../controller.ts';

/** What a dialer that only counts knows of its pool. */
export class PoolCounts implements PoolEvents {
  idle = 0;
  talking = 0;
  wrappingUp = 0;
  ringing = 0;
  /** calls that workers were told to dial and have not yet; only the reference asks */
  ordered = 0;
  /** answered, without an agent yet */
  waiting = 0;
  dials = 0;
  answers = 0;
  abandons = 0;
  talks = 0;
  talkSec = 0;
  /** from dial to answer, of all answered */
  answerSec = 0;
  readonly #dialledAt: number[] = [];
  /** since when each agent talks; −1 when not */
  readonly talkingSince: Float64Array;

  constructor(agents: number) {
    this.talkingSince = new Float64Array(agents).fill(-1);
  }

  order(_at: number, n: number): void {
    this.ordered += n;
  }

  dial(at: number, call: number): void {
    this.dials++;
    this.ringing++;
    this.ordered = Math.max(0, this.ordered - 1);
    this.#dialledAt[call] = at;
  }

  ringEnd(at: number, call: number, answered: boolean): void {
    this.ringing--;
    if (!answered) return;
    this.answers++;
    this.waiting++;
    this.answerSec += at - (this.#dialledAt[call] ?? at);
  }

  connect(at: number, _call: number, agent: number): void {
    this.waiting--;
    this.idle--;
    this.talking++;
    this.talkingSince[agent] = at;
  }

  abandon(): void {
    this.waiting--;
    this.abandons++;
  }

  talkEnd(at: number, _call: number, agent: number): void {
    this.talking--;
    this.wrappingUp++;
    this.talks++;
    this.talkSec += at - (this.talkingSince[agent] ?? at);
    this.talkingSince[agent] = -1;
  }

  wrapEnd(): void {
    this.wrappingUp--;
    this.idle++;
  }

  agentIn(): void {
    this.idle++;
  }

  agentLeaving(): void {
    // They do not see it coming.
  }

  agentOut(): void {
    this.idle--;
  }
}

/** A dialer that decides from counts. @param decide  asked every `tickSec` seconds */
export function countingController(agents: number, tickSec: number, decide: (pool: PoolCounts, now: number) => number): Controller {
  const pool = new PoolCounts(agents);
  return { tickSec, events: pool, callsToStart: (now) => decide(pool, now) };
}
