import type { OutgoingMessage } from '@discador/bus/publisher';
import { within } from '@discador/runtime/within';

/** The part of the bus publisher that the outbox needs. */
export interface OutboxPublisher {
  readonly up: boolean;
  publish(message: OutgoingMessage): Promise<void>;
}

export interface OutboxMessage extends OutgoingMessage {
  messageId: string;
  /** Kept when others no longer are. */
  important: boolean;
  /** epoch milliseconds, our clock */
  receivedAt: number;
}

export interface OutboxOptions {
  publisher: OutboxPublisher;
  /** What a standby holds ready, in milliseconds. */
  keepMs: number;
  maxBuffered: number;
  /** Confirmed by the broker. @param latencyMs  since `receivedAt` */
  onPublished(latencyMs: number): void;
  onDropped(message: OutboxMessage): void;
  /** A publish failed; it is tried again. */
  onFailure(error: unknown): void;
}

interface Entry {
  readonly message: OutboxMessage;
  sent: boolean;
}

const MAX_IN_FLIGHT = 5_000;
const RETRY_MS = 250;
/** Above this share of the room only important messages are taken in. */
const CROWDED = 0.8;

/** Events not yet known to be at the broker, in their order. An active replica publishes them and forgets each when it is confirmed; a standby
 *  holds the last seconds, so that what the active one took to its grave is published at a takeover: under the same ids, consumers drop repeats. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = new Map<string, Entry>();
  #active = false;
  #inFlight = 0;
  /** Entries to (re)send. */
  #unsent = 0;
  #timer: NodeJS.Timeout | null = null;
  #emptied: (() => void)[] = [];
  #brokerSeenDownAt = Number.NEGATIVE_INFINITY;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Messages held: unconfirmed when active, kept ready when standby. */
  get size(): number {
    return this.#entries.size;
  }

  /** Epoch milliseconds; what was received before has been confirmed, or let go. Infinity when nothing is held. */
  get settledUntil(): number {
    for (const { message } of this.#entries.values()) return message.receivedAt - 1;
    return Number.POSITIVE_INFINITY;
  }

  add(message: OutboxMessage): void {
    const { maxBuffered, onDropped } = this.#options;
    const room = message.important ? maxBuffered : maxBuffered * CROWDED;
    if (this.#entries.size >= room) return onDropped(message);
    if (this.#entries.has(message.messageId)) return;
    this.#entries.set(message.messageId, { message, sent: false });
    this.#unsent += 1;
    this.#drainIn(0); // one pass for all that the same read of the socket brought
  }

  /** From now on publishes, beginning with what it holds. */
  activate(): void {
    this.#active = true;
    this.drain();
  }

  /** From now on only holds; what is on its way may still be confirmed, which does no harm. */
  deactivate(): void {
    this.#active = false;
  }

  /** Sends what waits, in order; called by itself, and by the owner when the bus is back. */
  drain(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#active || this.#unsent === 0) return;
    for (const entry of this.#entries.values()) {
      if (this.#unsent === 0 || this.#inFlight >= MAX_IN_FLIGHT || !this.#options.publisher.up) break;
      if (!entry.sent) this.#send(entry);
    }
    if (this.#unsent > 0) this.#drainIn(RETRY_MS * (0.5 + Math.random()));
  }

  /** Lets a standby forget what is older than it must hold, but nothing from a time when the broker was away: the active one may be sitting
   *  on a backlog. Call it about every second. @param now  epoch milliseconds, our clock */
  expire(now: number): void {
    if (!this.#options.publisher.up) this.#brokerSeenDownAt = now;
    if (this.#active || now - this.#brokerSeenDownAt < this.#options.keepMs) return;
    for (const [id, { message, sent }] of this.#entries) {
      if (now - message.receivedAt < this.#options.keepMs) break;
      this.#entries.delete(id);
      if (!sent) this.#unsent -= 1;
    }
  }

  /** Publishes what is left, however often it takes, for at most `timeoutMs`.
   *  @returns how many are not confirmed by then; 0 for a standby, whose copies are not its to publish */
  async flush(timeoutMs: number): Promise<number> {
    if (!this.#active || this.size === 0) return 0;
    this.drain();
    await within(timeoutMs, new Promise<void>((resolve) => this.#emptied.push(resolve)));
    return this.#active ? this.size : 0;
  }

  close(): void {
    this.#active = false;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #send(entry: Entry): void {
    entry.sent = true;
    this.#unsent -= 1;
    this.#inFlight += 1;
    this.#options.publisher.publish(entry.message).then(
      () => this.#onConfirmed(entry),
      (error: unknown) => this.#onFailed(entry, error),
    );
  }

  #onConfirmed({ message }: Entry): void {
    this.#inFlight -= 1;
    this.#entries.delete(message.messageId);
    this.#options.onPublished(Date.now() - message.receivedAt);
    if (this.size === 0) for (const tell of this.#emptied.splice(0)) tell();
  }

  #onFailed(entry: Entry, error: unknown): void {
    this.#inFlight -= 1;
    if (!this.#entries.has(entry.message.messageId)) return; // expired meanwhile
    entry.sent = false;
    this.#unsent += 1;
    this.#options.onFailure(error);
    this.#drainIn(RETRY_MS * (0.5 + Math.random()));
  }

  #drainIn(ms: number): void {
    if (!this.#active) return;
    this.#timer ??= setTimeout(() => this.drain(), ms);
  }
}
