import { DiscadorError } from '@discador/contracts/discador-error';
import type { Database } from '@discador/postgres/database';
import { takeHousekeepingLock } from '@discador/postgres/sql/housekeeping/take-housekeeping-lock';
import type { Logger } from 'pino';
import { repeat } from '../repeat.ts';
import { nightOf } from './night.ts';
import type { Job } from './jobs.ts';

export interface HousekeepingOptions {
  database: Database;
  jobs: Job[];
  timeZone: string;
  log: Logger;
  onDone(job: string, count: number): void;
  onFailed(job: string): void;
}

const LOOK_MS = 30_000;

/** Runs the jobs. Each portion is a transaction under the job's lock: of several replicas one works, the others skip it. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  #stops: (() => Promise<void>)[] = [];
  #stopped = false;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stops = this.#options.jobs.map((job) => this.#schedule(job));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#stops.map((stop) => stop()));
  }

  /** Runs one job to its end, or until another replica is found to be at it.
   *  @returns how much it did; null when another replica had the lock from the start
   *  @throws the database's error; what earlier portions did stays done */
  async run(job: Job): Promise<number | null> {
    let total = 0;
    for (;;) {
      const count = await this.#options.database.transaction(async (on) => ((await takeHousekeepingLock(on, job.name)) ? job.run(on) : null));
      if (count === null) return total > 0 ? total : null;
      total += count;
      if (job.portion === undefined || count < job.portion || this.#stopped) return total;
    }
  }

  #schedule(job: Job): () => Promise<void> {
    const failed = (error: unknown): void => this.#failed(job, error);
    if (job.when !== 'nightly') return repeat(job.when.everyMs, () => this.#runAndTell(job), failed);
    let done = nightOf(new Date(), this.#options.timeZone);
    const look = async (): Promise<void> => {
      const night = nightOf(new Date(), this.#options.timeZone);
      if (night === done) return;
      await this.#runAndTell(job);
      done = night;
    };
    return repeat(LOOK_MS, look, failed);
  }

  async #runAndTell(job: Job): Promise<void> {
    const count = await this.run(job);
    if (count === null) return;
    this.#options.onDone(job.name, count);
    if (count > 0) this.#options.log.debug({ job: job.name, count }, 'housekeeping done');
  }

  #failed(job: Job, error: unknown): void {
    this.#options.onFailed(job.name);
    const away = error instanceof DiscadorError && error.code === 'database_down';
    this.#options.log[away ? 'debug' : 'error']({ err: error, job: job.name }, 'housekeeping failed');
  }
}
