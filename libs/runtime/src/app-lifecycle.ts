import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown, Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import { within } from './within.ts';

type Work = () => unknown;

/** One thing to be done at the end. */
export interface EndStep {
  /** what is being done, for the log */
  name: string;
  /** A throw says that something is lost, and the process ends with 1. What nobody loses, because another replica, a queue or
   *  the sweeper has it, is no throw. */
  run: Work;
  /** default 5,000 */
  withinMs?: number;
}

export interface LifePlan {
  log: Logger;
  start: Work;
  /** In this order: take no more work; end what is in hand; publish what is unconfirmed; give back permits and leases. */
  finish: EndStep[];
  /** Connections, all at once, after the HTTP server has ended its requests. */
  close: Work[];
}

const STEP_MS = 5000;
const CLOSE_MS = 3000;

/** The life of every app, in one order. A step that fails or hangs, because its server is away, does not keep the later ones from being done.
 *
 *  `finish` runs before Nest closes its own HTTP and RPC servers, which may take seconds: readiness can be asked all the while,
 *  and a lease does not wait for them. Nest itself only logs what a hook throws: `lost` keeps it for the exit code. */
export class AppLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #plan: LifePlan;
  #lost = false;

  constructor(plan: LifePlan) {
    this.#plan = plan;
  }

  /** Whether a step has failed. */
  get lost(): boolean {
    return this.#lost;
  }

  onApplicationBootstrap(): void {
    this.#plan.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const step of this.#plan.finish) await this.#finish(step);
  }

  async onApplicationShutdown(): Promise<void> {
    const { log, close } = this.#plan;
    const closed = Promise.allSettled(close.map(async (work) => work()));
    if (await within(CLOSE_MS, closed)) return;
    log.info({ closeMs: CLOSE_MS }, 'a connection did not close and is dropped');
  }

  async #finish({ name, run, withinMs = STEP_MS }: EndStep): Promise<void> {
    const { log } = this.#plan;
    try {
      const done = await within(withinMs, (async () => run())());
      if (!done) log.warn({ step: name, withinMs }, 'not finished in time; others go on with it');
    } catch (error) {
      this.#lost = true;
      log.error({ err: error, step: name }, 'not finished');
    }
  }
}

/** The provider that an app's module must have. */
export const appLifecycle = (plan: LifePlan): Provider => ({ provide: AppLifecycle, useValue: new AppLifecycle(plan) });
