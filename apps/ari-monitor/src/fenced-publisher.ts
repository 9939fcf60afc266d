import type { OutgoingMessage } from '@discador/bus/publisher';
import { DiscadorError } from '@discador/contracts/discador-error';
import { TERM_HEADER } from '@discador/contracts/events/envelope';
import type { OutboxPublisher } from './outbox.ts';

/** The way to the bus for the events of one PBX: open while the lease is held, and each message says under which term it was sent.
 *
 *  The lease is asked for each message, by the monotonic clock. A process that was stopped for longer than the lease lives, and runs again, thus
 *  sends nothing more, though no timer has told it yet; what already lay in its socket goes out, and is known by its term. */
export class FencedPublisher implements OutboxPublisher {
  readonly #publisher: OutboxPublisher;
  readonly #lease: { readonly held: boolean };
  #headers: OutgoingMessage['headers'] | null = null;

  constructor(publisher: OutboxPublisher, lease: { readonly held: boolean }) {
    this.#publisher = publisher;
    this.#lease = lease;
  }

  /** Whether the broker takes messages, and, for who publishes, whether it still may. A standby's is the broker's. */
  get up(): boolean {
    return this.#publisher.up && (this.#headers === null || this.#lease.held);
  }

  /** @throws DiscadorError `lease_lost` when this replica may not publish; what the bus throws */
  publish(message: OutgoingMessage): Promise<void> {
    if (this.#headers === null || !this.#lease.held) return Promise.reject(new DiscadorError('lease_lost', 'another replica publishes', { retry: 'later' }));
    return this.#publisher.publish({ ...message, headers: this.#headers });
  }

  /** @param term of the lease that has just been won */
  open(term: number): void {
    this.#headers = { [TERM_HEADER]: term };
  }

  /** The lease is known to be lost. */
  close(): void {
    this.#headers = null;
  }
}
