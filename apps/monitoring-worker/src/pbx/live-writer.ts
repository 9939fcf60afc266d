import { queuesLiveKey, type QueueLive } from '@discador/contracts/live';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { ConfirmedQueues } from './pbx-observer.ts';

export interface LiveWriterOptions {
  redis: Redis;
  pbx: string;
  log: Logger;
  /** what to write; null when this replica must not, or knows nothing */
  read(): ConfirmedQueues | null;
}

/** Changes within this time are written together: at most 20 writes a second, and the renewals. */
const COALESCE_MS = 50;

/** Keeps a PBX's queues in Redis for those who plan and those who watch. */
export class LiveWriter {
  readonly #options: LiveWriterOptions;
  #timer: NodeJS.Timeout | undefined;
  #last = '';
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LiveWriterOptions) {
    this.#options = options;
  }

  /** The PBX has just confirmed the numbers: their time is written even when they are the same. */
  renew(): void {
    this.#write(true);
  }

  /** Something may have changed. */
  touch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write(false);
    }, COALESCE_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #write(renew: boolean): void {
    this.#turn = this.#turn.then(() => this.#replace(renew)).catch((error: unknown) => {
      this.#last = '';
      this.#options.log.debug({ err: error }, 'live state not written');
    });
  }

  /** Replaces the whole hash at once: a queue that is gone must not stay. */
  async #replace(renew: boolean): Promise<void> {
    const { redis, pbx, read } = this.#options;
    const confirmed = read();
    if (!confirmed) return;
    const numbers = JSON.stringify(confirmed.queues);
    if (!renew && numbers === this.#last) return;
    const key = queuesLiveKey(pbx);
    const fields = confirmed.queues.map((queue): [string, string] => [queue.queue, JSON.stringify({ pbx, at: confirmed.at, ...queue } satisfies QueueLive)]);
    const multi = redis.multi().del(key);
    if (fields.length > 0) multi.hset(key, Object.fromEntries(fields));
    for (const [error] of (await multi.exec()) ?? []) if (error) throw error;
    this.#last = numbers;
  }
}
