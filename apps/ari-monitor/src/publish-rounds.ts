import type { OutgoingMessage } from '@discador/bus/publisher';
import { circuitBreaker, CircuitState, ConsecutiveBreaker, ExponentialBackoff, halfJitterGenerator, handleAll, retry, wrap } from 'cockatiel';

export interface Publishable {
  readonly message: OutgoingMessage;
  /** on its way, not confirmed yet */
  sent: boolean;
}

export interface PublishRoundsOptions<E extends Publishable> {
  /** What is not confirmed, in order. Taken out by `onConfirmed`; the owner may take out others that are not sent. */
  entries: ReadonlyMap<string, E>;
  publish(message: OutgoingMessage): Promise<void>;
  mayPublish(): boolean;
  onConfirmed(entry: E): void;
  /** A message was refused, or its confirm will never come; it is tried again. */
  onFailure(error: unknown): void;
  /** Nothing is on its way any more. */
  onRoundEnd(): void;
}

const MAX_IN_FLIGHT = 5_000;
const BACKOFF = new ExponentialBackoff({ generator: halfJitterGenerator, initialDelay: 100, maxDelay: 1_000 });
/** After so many rounds in a row in which the broker refused something, it is tried with one message a second until it takes that. */
const FAILED_ROUNDS = 3;
const OPEN_MS = 1_000;

/** Publishes in order, many at a time. A round goes on while there is something to send; a failure ends it: nothing more is sent until all on
 *  its way has been answered, and the next round begins with the oldest that is not confirmed, so that later messages never overtake it for
 *  longer than a round. */
export class PublishRounds<E extends Publishable> {
  readonly #options: PublishRoundsOptions<E>;
  readonly #stopping = new AbortController();
  readonly #breaker = circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(FAILED_ROUNDS), halfOpenAfter: OPEN_MS });
  readonly #policy = wrap(retry(handleAll, { maxAttempts: Number.MAX_SAFE_INTEGER, backoff: BACKOFF }), this.#breaker);
  #running = false;
  /** Live: it goes on to what is put into the map after it was made. */
  #cursor: Iterator<E> = [][Symbol.iterator]();
  #inFlight = 0;
  #left = 0;
  #failure: { error: unknown } | null = null;
  #round: PromiseWithResolvers<void> | null = null;
  #progressAt = 0;

  constructor(options: PublishRoundsOptions<E>) {
    this.#options = options;
  }

  /** Whether the broker refuses so much that it is spared. */
  get broken(): boolean {
    return this.#breaker.state === CircuitState.Open;
  }

  /** For how long, in milliseconds, nothing was confirmed though something is on its way. @param now  epoch milliseconds */
  stalledMs(now: number): number {
    return this.#inFlight === 0 ? 0 : now - this.#progressAt;
  }

  /** Sends what can be sent now. */
  kick(): void {
    if (this.#round) return this.#sendMore();
    if (this.#running || !this.#hasMore()) return;
    this.#running = true;
    this.#policy.execute(() => this.#begin(), this.#stopping.signal).then(
      () => this.#end(),
      () => this.#end(),
    );
  }

  /** Sends nothing any more; what is on its way may still be confirmed. */
  stop(): void {
    this.#stopping.abort();
  }

  #end(): void {
    this.#running = false;
    if (!this.#stopping.signal.aborted) this.kick();
  }

  #hasMore(): boolean {
    return this.#options.entries.size > this.#inFlight && this.#options.mayPublish();
  }

  #begin(): Promise<void> {
    this.#cursor = this.#options.entries.values();
    this.#left = this.#breaker.state === CircuitState.Closed ? Number.POSITIVE_INFINITY : 1;
    this.#failure = null;
    const { promise } = (this.#round = Promise.withResolvers());
    this.#sendMore();
    return promise;
  }

  #sendMore(): void {
    while (this.#failure === null && this.#left > 0 && this.#inFlight < MAX_IN_FLIGHT && this.#hasMore()) {
      const { value, done } = this.#cursor.next() as IteratorResult<E, undefined>;
      if (done) break;
      this.#send(value);
    }
    if (this.#inFlight === 0) this.#endRound();
  }

  #endRound(): void {
    const round = this.#round;
    this.#round = null;
    if (this.#failure) round?.reject(this.#failure.error);
    else round?.resolve();
    this.#options.onRoundEnd();
  }

  #send(entry: E): void {
    if (this.#inFlight === 0) this.#progressAt = Date.now();
    entry.sent = true;
    this.#left -= 1;
    this.#inFlight += 1;
    this.#options.publish(entry.message).then(
      () => {
        this.#inFlight -= 1;
        this.#progressAt = Date.now();
        this.#options.onConfirmed(entry);
        this.#sendMore();
      },
      (error: unknown) => {
        this.#inFlight -= 1;
        entry.sent = false;
        this.#failure ??= { error };
        this.#options.onFailure(error);
        if (this.#inFlight === 0) this.#endRound();
      },
    );
  }
}
