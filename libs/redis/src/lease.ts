import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type Redlock from 'redlock';
import { createRedlock } from './redlock.ts';

export interface LeaseOptions {
  /** one client per independent Redis master (1…n) */
  clients: Redis[];
  key: string;
  ttlMs: number;
  log: Logger;
  /** called once each time the lease is won; if it throws, the lease is given back */
  onAcquired(): Promise<void> | void;
  /** called once each time it is lost or given back */
  onLost(reason: string): void;
}

/** A long-lived lock: won when free, renewed at a third of its life, given back at `stop()`. Local trust (`held`) ends before
 *  the lock does in Redis, measured from the moment the last renewal was asked for. It saves work; only a term or lease number
 *  checked in PostgreSQL proves anything, because a holder may sleep through the end of its lock. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #redlock: Redlock;
  #lock: Redlock.Lock | undefined;
  #trustedUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#redlock = createRedlock(options.clients);
  }

  get held(): boolean {
    return this.#lock !== undefined && performance.now() < this.#trustedUntil;
  }

  start(): void {
    this.#stopped = false;
    this.#schedule(0);
  }

  /** Gives the lease back, so that the next holder need not wait for its end. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
    const lock = this.#lock;
    if (!lock) return;
    this.#lose('stopped');
    await lock.unlock().then(undefined, () => undefined);
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#step().finally(() => this.#schedule(this.#options.ttlMs / 3 * (0.8 + Math.random() * 0.2)));
    }, ms);
  }

  async #step(): Promise<void> {
    const { key, ttlMs, log } = this.#options;
    const askedAt = performance.now();
    try {
      if (this.#lock) {
        if (!this.held) return this.#lose('renewed too late');
        this.#lock = await this.#lock.extend(ttlMs);
        this.#trust(askedAt);
        return;
      }
      const lock = await this.#redlock.lock(key, ttlMs);
      this.#trust(askedAt);
      this.#lock = lock;
    } catch (error) {
      if (this.#lock) this.#lose(error instanceof Error ? error.message : String(error));
      return;
    }
    try {
      await this.#options.onAcquired();
    } catch (error) {
      log.warn({ err: error, key }, 'won the lease but cannot use it');
      const lock = this.#lock;
      this.#lose('could not be used');
      await lock?.unlock().then(undefined, () => undefined);
    }
  }

  #trust(askedAt: number): void {
    this.#trustedUntil = askedAt + this.#options.ttlMs * 0.9;
  }

  #lose(reason: string): void {
    this.#lock = undefined;
    this.#trustedUntil = 0;
    this.#options.onLost(reason);
  }
}
