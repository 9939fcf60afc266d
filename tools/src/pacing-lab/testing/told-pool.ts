import type { PoolEvents } from '../controller.ts';

/** Tells a controller what happens to many calls at once, `at` seconds from the start: to those first that have been as far longest. */
export class ToldPool {
  at = 0;
  readonly #events: PoolEvents;
  readonly #ringing: number[] = [];
  readonly #waiting: number[] = [];
  readonly #talking: { call: number; agent: number }[] = [];
  readonly #wrappingUp: number[] = [];
  readonly #idle: number[] = [];
  #calls = 0;

  /** @param agents  who come in at the start */
  constructor(events: PoolEvents, agents: number) {
    this.#events = events;
    for (let agent = 0; agent < agents; agent++) {
      events.agentIn(0, agent);
      this.#idle.push(agent);
    }
  }

  dial(n: number): this {
    for (let i = 0; i < n; i++) {
      this.#events.dial(this.at, this.#calls);
      this.#ringing.push(this.#calls++);
    }
    return this;
  }

  ringOut(n: number): this {
    for (const call of this.#ringing.splice(0, n)) this.#events.ringEnd(this.at, call, false);
    return this;
  }

  answer(n: number): this {
    for (const call of this.#ringing.splice(0, n)) {
      this.#events.ringEnd(this.at, call, true);
      this.#waiting.push(call);
    }
    return this;
  }

  abandon(n: number): this {
    for (const call of this.#waiting.splice(0, n)) this.#events.abandon(this.at, call);
    return this;
  }

  connect(n: number): this {
    for (const call of this.#waiting.splice(0, n)) {
      const agent = this.#idle.shift() as number;
      this.#events.connect(this.at, call, agent);
      this.#talking.push({ call, agent });
    }
    return this;
  }

  talkEnd(n: number): this {
    for (const { call, agent } of this.#talking.splice(0, n)) {
      this.#events.talkEnd(this.at, call, agent);
      this.#wrappingUp.push(agent);
    }
    return this;
  }

  wrapEnd(n: number): this {
    for (const agent of this.#wrappingUp.splice(0, n)) {
      this.#events.wrapEnd(this.at, agent);
      this.#idle.push(agent);
    }
    return this;
  }
}
