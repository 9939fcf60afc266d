import type { OutgoingMessage } from '@discador/bus/publisher';
import { within } from '@discador/runtime/within';
import { PublishRounds } from './publish-rounds.ts';
import { decodeMessage, encodeMessage } from './spool/message-record.ts';
import type { Refusal, Spool } from './spool/spool.ts';

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
  /** Takes what does not fit in memory, or waits for the broker. Closed by `close`. */
  spool: Spool;
  /** What a standby holds ready, in milliseconds. */
  keepMs: number;
  /** Messages held in memory, of about 1 kB each; what is more goes to the spool. */
  maxBuffered: number;
  /** Confirmed by the broker. @param latencyMs  since `receivedAt` */
  onPublished(latencyMs: number): void;
  /** @param first  whether it is the first since the outbox last got by with memory */
  onDropped(message: OutboxMessage, reason: Refusal, first: boolean): void;
  /** Spooled messages that cannot be read. */
  onLost(count: number): void;
  /** A publish failed; it is tried again. */
  onFailure(error: unknown): void;
}

interface Entry {
  readonly message: OutboxMessage;
  sent: boolean;
  /** its number in the spool; null when it is only here */
  seq: number | null;
}

/** Messages read from the spool ahead of their publishing. */
const WINDOW = 2_000;
const READ_AT_ONCE = 500;
/** A broker that confirms nothing for so long may be gone: what it has not confirmed had better be on disk. */
const STALLED_MS = 500;
const LOOK_MS = 250;
const MEAN_BYTES = 1_500;

/** Events not yet known to be at the broker, in their order. An active replica publishes them and forgets each when it is confirmed; a standby
 *  holds the last seconds, so that what the active one took to its grave is published at a takeover: under the same ids, consumers drop repeats.
 *
 *  They are in memory while the broker keeps up. When it is away, stalls, or too many are held, all are written to the spool, and those that
 *  come go there only; from there they reach the broker through a window in memory, the new behind the old, until the spool has been read to
 *  its end. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #rounds: PublishRounds<Entry>;
  /** All that is in memory: older than what has not been read from the spool. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #active = false;
  #spooling: boolean;
  #reading = false;
  #closed = false;
  #dropped = false;
  #pass: NodeJS.Immediate | null = null;
  readonly #look: NodeJS.Timeout;
  #emptied: (() => void)[] = [];
  #brokerSeenDownAt = Number.NEGATIVE_INFINITY;
  #brokerWasDown: boolean;
  /** What a standby received before may go. */
  #expiredAt = Number.NEGATIVE_INFINITY;

  constructor(options: OutboxOptions) {
    const { publisher, spool, onFailure } = options;
    this.#options = options;
    // What a former life left: nobody knows whether the broker was there.
    this.#spooling = this.#brokerWasDown = spool.unread > 0;
    this.#rounds = new PublishRounds({
      entries: this.#entries,
      publish: (message) => publisher.publish(message),
      mayPublish: () => this.#active && publisher.up,
      onConfirmed: (entry) => this.#onConfirmed(entry),
      onFailure,
      onRoundEnd: () => this.#spoolIfNeeded(),
    });
    this.#look = setInterval(() => this.drain(), LOOK_MS).unref();
  }

  /** Messages held: unconfirmed when active, kept ready when standby. */
  get size(): number {
    return this.#entries.size + this.#options.spool.unread;
  }

  /** Epoch milliseconds; what was received before has been confirmed, or let go. Infinity when nothing is held. */
  get settledUntil(): number {
    for (const { message } of this.#entries.values()) return message.receivedAt - 1;
    return (this.#options.spool.oldestAt ?? Number.POSITIVE_INFINITY) - 1;
  }

  /** Whether the broker refuses so much that it is spared for a while. */
  get broken(): boolean {
    return this.#rounds.broken;
  }

  add(message: OutboxMessage): void {
    if (this.#spooling) this.#spool(message);
    else if (!this.#entries.has(message.messageId)) this.#hold(message, null);
    this.#spoolIfNeeded();
    this.#pass ??= setImmediate(() => this.#publish()); // one pass for all that the same read of the socket brought
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
    this.#spoolIfNeeded();
    this.#publish();
    if (!this.#reading) this.#settleSpool();
  }

  /** Lets a standby forget what is older than it must hold, but nothing from a time when the broker was away: the active one may be sitting
   *  on a backlog. Call it about every second. @param now  epoch milliseconds, our clock */
  expire(now: number): void {
    const { publisher, keepMs } = this.#options;
    if (!publisher.up || this.#brokerWasDown) this.#brokerSeenDownAt = now;
    this.#brokerWasDown = false;
    if (this.#active || now - this.#brokerSeenDownAt < keepMs) return;
    this.#expiredAt = now - keepMs;
    for (const [id, { message, sent }] of this.#entries) {
      if (sent || message.receivedAt > this.#expiredAt) break;
      this.#forget(id);
    }
    void this.#refill();
  }

  /** Publishes what is left, however often it takes, for at most `timeoutMs`; what is not confirmed by then stays on disk for the next start.
   *  @returns how many are neither confirmed nor on disk; 0 for a standby, whose copies are not its to publish */
  async flush(timeoutMs: number): Promise<number> {
    if (!this.#active || this.size === 0) return 0;
    this.drain();
    await within(timeoutMs, new Promise<void>((resolve) => this.#emptied.push(resolve)));
    if (!this.#active || this.size === 0) return 0;
    this.#toSpool();
    await this.#options.spool.flush();
    return this.#options.spool.unwritten + [...this.#entries.values()].filter(({ seq }) => seq === null).length;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#active = false;
    this.#rounds.stop();
    clearInterval(this.#look);
    if (this.#pass) clearImmediate(this.#pass);
    if (!this.#reading) this.#settleSpool();
    await this.#options.spool.close();
  }

  #publish(): void {
    if (this.#pass) clearImmediate(this.#pass);
    this.#pass = null;
    if (!this.#active || this.#closed) return;
    void this.#refill();
    this.#rounds.kick();
  }

  #hold(message: OutboxMessage, seq: number | null): void {
    this.#entries.set(message.messageId, { message, sent: false, seq });
    this.#bytes += message.content.length;
  }

  #forget(id: string): void {
    this.#bytes -= this.#entries.get(id)?.message.content.length ?? 0;
    this.#entries.delete(id);
  }

  #onConfirmed({ message }: Entry): void {
    this.#forget(message.messageId);
    this.#options.onPublished(Date.now() - message.receivedAt);
    if (this.#spooling && this.#entries.size < WINDOW / 2) void this.#refill();
    if (this.size === 0) for (const tell of this.#emptied.splice(0)) tell();
  }

  #spoolIfNeeded(): void {
    const { publisher, maxBuffered } = this.#options;
    if (!publisher.up) this.#brokerWasDown = true;
    if (this.#entries.size === 0) return;
    const much = this.#entries.size > maxBuffered || this.#bytes > maxBuffered * MEAN_BYTES;
    if (much || !publisher.up || this.#rounds.stalledMs(Date.now()) > STALLED_MS) this.#toSpool();
  }

  /** From now on what comes goes to the spool; what is in memory stays there, being older, and is written down too. */
  #toSpool(): void {
    const { spool } = this.#options;
    if (this.#spooling) return;
    this.#spooling = true;
    for (const entry of this.#entries.values()) entry.seq ??= numberOf(this.#append(entry.message));
    spool.readFrom(spool.end);
  }

  #spool(message: OutboxMessage): void {
    const taken = this.#append(message);
    if (typeof taken === 'number') return;
    this.#options.onDropped(message, taken, !this.#dropped);
    this.#dropped = true;
  }

  #append(message: OutboxMessage): number | Refusal {
    return this.#options.spool.append(encodeMessage(message), message.receivedAt, message.important);
  }

  /** Reads on from the spool, as far ahead as may be; at its end memory does again. */
  async #refill(): Promise<void> {
    if (this.#reading || !this.#spooling) return;
    const { spool } = this.#options;
    this.#reading = true;
    try {
      while (this.#spooling && this.#mayRead()) {
        for (const { seq, payload } of await spool.read(READ_AT_ONCE)) this.#takeIn(seq, payload);
        if (spool.unread === 0) this.#spooling = this.#dropped = false;
        this.#settleSpool();
      }
    } catch {
      // The spool has told; the next look tries again.
    } finally {
      this.#reading = false;
    }
    if (this.#active) this.#rounds.kick();
  }

  /** A standby reads to find what may go, and what has its place in memory again. */
  #mayRead(): boolean {
    if (this.#closed || !this.#options.publisher.up) return false;
    return this.#entries.size < (this.#active ? WINDOW : this.#options.maxBuffered / 2);
  }

  #takeIn(seq: number, payload: Buffer): void {
    const message = decodeMessage(payload);
    if (!message) return this.#options.onLost(1);
    const expired = !this.#active && message.receivedAt <= this.#expiredAt;
    if (!expired && !this.#entries.has(message.messageId)) this.#hold(message, seq);
  }

  /** What comes before the oldest that is still held here, and was read, is done with. Not in the middle of reading, when a record may be
   *  neither there nor here. */
  #settleSpool(): void {
    const { spool } = this.#options;
    if (spool.messages === 0) return;
    for (const { seq } of this.#entries.values()) if (seq !== null) return spool.ack(seq - 1);
    spool.ack(spool.position - 1);
  }
}

/** @returns null for what the spool has not taken */
function numberOf(taken: number | Refusal): number | null {
  return typeof taken === 'number' ? taken : null;
}
