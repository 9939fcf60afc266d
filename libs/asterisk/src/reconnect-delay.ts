import { ExponentialBackoff, halfJitterGenerator, type IBackoff } from 'cockatiel';

export interface ReconnectDelayOptions {
  initialMs?: number;
  maxMs?: number;
}

/** How long to wait before the next try: grows exponentially, with jitter also at its bound, so that the replicas which lost one server
 *  do not come back in step. It stays short however long the server is away: a try costs a few packets, and a PBX that is back but
 *  not called upon costs calls. */
export class ReconnectDelay {
  readonly #factory: ExponentialBackoff<number>;
  #current: IBackoff<unknown> | null = null;

  /** @param options  first delay (default 150 ms) and its upper bound (default 1 s); half of each is chance */
  constructor(options: ReconnectDelayOptions = {}) {
    this.#factory = new ExponentialBackoff({ generator: halfJitterGenerator, initialDelay: options.initialMs ?? 150, maxDelay: options.maxMs ?? 1_000 });
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
