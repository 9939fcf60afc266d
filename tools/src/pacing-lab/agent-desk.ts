import Denque from 'denque';
import type { Meter } from './meter.ts';

const AWAY = 0;
const IDLE = 1;
const TALKING = 2;
const WRAPPING_UP = 3;

/** The agents of one run: what each does, since when, and until when; idle ones get calls in the order in which they became idle. */
export class AgentDesk {
  readonly #meter: Meter;
  readonly #doing: Uint8Array;
  readonly #since: Float64Array;
  readonly #idleAgain: Float64Array;
  readonly #leaving: Uint8Array;
  readonly #callOf: Int32Array;
  readonly #idle = new Denque<number>();

  constructor(agents: number, meter: Meter) {
    this.#meter = meter;
    this.#doing = new Uint8Array(agents);
    this.#since = new Float64Array(agents);
    this.#idleAgain = new Float64Array(agents);
    this.#leaving = new Uint8Array(agents);
    this.#callOf = new Int32Array(agents);
  }

  isAway(agent: number): boolean {
    return this.#doing[agent] === AWAY;
  }

  isIdle(agent: number): boolean {
    return this.#doing[agent] === IDLE;
  }

  isLeaving(agent: number): boolean {
    return this.#leaving[agent] === 1;
  }

  callOf(agent: number): number {
    return this.#callOf[agent] ?? -1;
  }

  /** @returns the agent who has been idle longest; undefined when none is */
  takeIdle(): number | undefined {
    return this.#idle.shift();
  }

  waitForCall(agent: number, at: number): void {
    this.#change(agent, IDLE, at, false);
    this.#idle.push(agent);
  }

  talk(agent: number, call: number, at: number, idleAgainAt: number): void {
    this.#change(agent, TALKING, at, true);
    this.#callOf[agent] = call;
    this.#idleAgain[agent] = idleAgainAt;
  }

  /** @returns when the wrap-up will be over */
  wrapUp(agent: number, at: number): number {
    this.#change(agent, WRAPPING_UP, at, false);
    return this.#idleAgain[agent] ?? at;
  }

  leaveAfterCall(agent: number): void {
    this.#leaving[agent] = 1;
  }

  leave(agent: number, at: number): void {
    if (this.isIdle(agent)) this.#idle.removeOne(this.#idle.toArray().indexOf(agent));
    this.#change(agent, AWAY, at, false);
    this.#leaving[agent] = 0;
  }

  /** Ends what everybody does, so that it is counted. */
  close(at: number): void {
    for (let agent = 0; agent < this.#doing.length; agent++) this.#change(agent, AWAY, at, false);
  }

  /** Busy agents who do not leave, by the whole seconds until they are idle again. */
  freeing(now: number, withinSec: number): number[] {
    const agents = new Array<number>(withinSec).fill(0);
    for (let agent = 0; agent < this.#doing.length; agent++) {
      if ((this.#doing[agent] ?? AWAY) < TALKING || this.#leaving[agent] === 1) continue;
      const sec = Math.floor((this.#idleAgain[agent] ?? 0) - now);
      if (sec < withinSec) agents[sec] = (agents[sec] ?? 0) + 1;
    }
    return agents;
  }

  #change(agent: number, to: number, at: number, forCall: boolean): void {
    const since = this.#since[agent] ?? at;
    const before = this.#doing[agent];
    if (before === IDLE) this.#meter.idle(since, at, forCall);
    else if (before !== AWAY) this.#meter.busy(since, at);
    this.#doing[agent] = to;
    this.#since[agent] = at;
  }
}
