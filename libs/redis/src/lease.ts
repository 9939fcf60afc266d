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

/** Parts of the lock's life after which its holder renews it, and those who wait ask for it: a holder that stops is followed within
 *  an eighth, a dead one within the life and an eighth. */
const HOLDING = 3;
const WAITING = 8;

/** A long-lived lock: won when free, asked for at an eighth of its life, renewed at a third, given back at `stop()`. Local trust (`held`) ends before
 *  the lock does in Redis, measured from the moment the last renewal was asked for. It saves work; only a term or lease number
 *  checked in PostgreSQL proves anything, because a holder may sleep through the end of its lock. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #redlock: Redlock;
  #lock: Redlock.Lock | undefined;
  #trustedUntil = 0;
  /** won last time, and of no use: the others shall have their turn first */
  #unusable = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#redlock = createRedlock(options.clients);
  }

  /** By the monotonic clock, at each question: also when this process slept past the end and no timer of it has run since. */
  get held(): boolean {
    return this.#lock !== undefined && performance.now() < this.#trustedUntil;
  }

  /** @returns whether a majority of the servers say that nobody holds it */
  async free(): Promise<boolean> {
    const { clients, key } = this.#options;
    const holders = await Promise.all(clients.map((client) => client.exists(key).catch(() => 1)));
    return holders.filter((one) => one === 0).length * 2 > clients.length;
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
      this.#turn = this.#step().then(() => this.#schedule(this.#restMs()));
    }, ms);
  }

  #restMs(): number {
    const parts = this.#lock || this.#unusable ? HOLDING : WAITING;
    return (this.#options.ttlMs / parts) * (0.8 + Math.random() * 0.2);
  }

  async #step(): Promise<void> {
    try {
      if (this.#lock) await this.#renew(this.#lock);
      else await this.#win();
    } catch (error) {
      if (this.#lock) this.#lose(error instanceof Error ? error.message : String(error));
    }
  }

  async #renew(lock: Redlock.Lock): Promise<void> {
    const askedAt = performance.now();
    if (!this.held) return this.#lose('renewed too late');
    this.#lock = await lock.extend(this.#options.ttlMs);
    this.#trust(askedAt);
  }

  async #win(): Promise<void> {
    const { key, ttlMs, log, onAcquired } = this.#options;
    const askedAt = performance.now();
    const lock = await this.#redlock.lock(key, ttlMs);
    if (this.#stopped) return void (await lock.unlock());
    this.#trust(askedAt);
    this.#lock = lock;
    this.#unusable = false;
    try {
      await onAcquired();
    } catch (error) {
      log.warn({ err: error, key }, 'won the lease but cannot use it');
      this.#unusable = true;
      this.#lose('could not be used');
      await lock.unlock().then(undefined, () => undefined);
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
