import { AsyncLocalStorage } from 'node:async_hooks';

/** One run of a master or a worker. When it crashes it is not heard of again; who is started in its place is another one. */
export class Process {
  alive = true;
  /** the step until which it sleeps: what it asked stays unanswered */
  asleepUntil = 0;
  readonly name: string;
  readonly #now: () => number;

  /** @param now its own clock, epoch milliseconds */
  constructor(name: string, now: () => number) {
    this.name = name;
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  /** Runs a piece of the product as this process: `Date.now()` in all that follows from it is this process's clock. */
  run<T>(work: () => T): T {
    return running.run(this, work);
  }
}

const running = new AsyncLocalStorage<Process>();
const wallClock = Date.now.bind(Date);

/** From now on `Date.now()` tells each process its own time.
 *  @returns puts the machine's clock back */
export function giveEachProcessItsClock(): () => void {
  Date.now = () => running.getStore()?.now() ?? wallClock();
  return () => {
    Date.now = wallClock;
  };
}
