import { ExponentialBackoff, type IBackoff } from 'cockatiel';

export interface ReconnectDelayOptions {
  initialMs?: number;
  maxMs?: number;
}

/** How long to wait before the next try: grows exponentially, with decorrelated jitter so that the replicas which lost one
 *  server do not come back in step. */
export class ReconnectDelay {
  readonly #factory: ExponentialBackoff<unknown>;
  #current: IBackoff<unknown> | null = null;

  /** @param options  first delay (default 200 ms) and its upper bound (default 10 s) */
  constructor(options: ReconnectDelayOptions = {}) {
    this.#factory = new ExponentialBackoff({ initialDelay: options.initialMs ?? 200, maxDelay: options.maxMs ?? 10_000 });
  }

  /** @returns milliseconds to wait now; longer each time until `reset` */
  nextMs(): number {
    this.#current = this.#current === null ? this.#factory.next() : this.#current.next(undefined);
    return Math.max(10, Math.round(this.#current.duration));
  }

  /** Called once a connection has proved itself, not when it merely opened: a peer that accepts and drops would make us spin. */
  reset(): void {
    this.#current = null;
  }
}
