import { routingKeyOf, type DiscadorEvent, type EventType } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { atMost } from './close-quietly.ts';
import type { OutgoingMessage, Publisher } from './publisher.ts';

export interface EventPublisherOptions {
  publisher: Pick<Publisher, 'up' | 'publish'>;
  /** events held in memory while the broker is away, about 1 kB each */
  maxBuffered: number;
  /** which are dropped first when the buffer is full: the lower the sooner, of one rank the oldest; all alike by default */
  rankOf?(type: EventType): number;
  /** milliseconds that an event may wait for others: many with one write cost the broker and us less than one by one; default 0 */
  gatherMs?: number;
  /** how long a standby holds what it would have published; default 15 s */
  keepMs?: number;
  /** epoch milliseconds, our clock */
  now?(): number;
  onPublished?(type: EventType): void;
  onDropped?(type: EventType): void;
}

interface Entry {
  readonly event: DiscadorEvent;
  /** epoch milliseconds, our clock */
  readonly addedAt: number;
}

const KEEP_MS = 15_000;
const RETRY_MS = 250;

/** Publishes events with confirms, in order, and never makes its caller wait: while the broker is away it holds them, up to a bound.
 *  Of several replicas that see the same, one is active; a standby holds the last seconds and publishes them when it takes over, under
 *  the same ids, so that what the former took to its grave is told, and the rest is dropped by consumers as repeated. */
export class EventPublisher {
  readonly #options: EventPublisherOptions & { now(): number };
  /** not sent yet, in order, by event id */
  #waiting = new Map<string, Entry>();
  /** sent, without a confirm yet */
  readonly #inFlight = new Map<string, Entry>();
  /** came back, oldest first; they go before what waits */
  #failed: Entry[] = [];
  #active = true;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];
  #brokerSeenDownAt = Number.NEGATIVE_INFINITY;

  constructor(options: EventPublisherOptions) {
    this.#options = { now: Date.now, ...options };
  }

  /** Events held: not confirmed, or kept ready by a standby. */
  get buffered(): number {
    return this.#waiting.size + this.#inFlight.size + this.#failed.length;
  }

  /** Takes an event; one that it still holds is not taken twice. */
  publish(event: DiscadorEvent): void {
    if (this.#waiting.has(event.id) || this.#inFlight.has(event.id)) return;
    const now = this.#options.now();
    if (!this.#options.publisher.up) this.#brokerSeenDownAt = now;
    this.#expire(now);
    this.#waiting.set(event.id, { event, addedAt: now });
    if (this.buffered > this.#options.maxBuffered) this.#dropLeast();
    const { gatherMs = 0 } = this.#options;
    if (gatherMs === 0) this.#drain();
    else this.#drainIn(gatherMs);
  }

  /** From now on publishes, beginning with what it holds. */
  activate(): void {
    this.#expire(this.#options.now());
    this.#active = true;
    this.#drain();
  }

  /** From now on only holds; what is on its way may still be confirmed, which does no harm. */
  standBy(): void {
    this.#active = false;
  }

  /** Waits until all is confirmed, at most `timeoutMs`.
   *  @returns how many are not; 0 for a standby, whose copies are not its to publish */
  async flush(timeoutMs: number): Promise<number> {
    if (!this.#active || this.buffered === 0) return 0;
    this.#drain();
    await atMost(timeoutMs, new Promise<void>((resolve) => this.#idle.push(resolve)));
    return this.buffered;
  }

  /** Publishes nothing more. */
  close(): void {
    this.#active = false;
    clearTimeout(this.#timer);
  }

  #drain(): void {
    if (!this.#active) return;
    if (this.#failed.length > 0) {
      this.#waiting = new Map([...this.#failed.map((entry) => [entry.event.id, entry] as const), ...this.#waiting]);
      this.#failed = [];
    }
    for (const entry of this.#waiting.values()) {
      if (!this.#options.publisher.up) return this.#drainIn(retryMs());
      this.#send(entry);
    }
  }

  #send(entry: Entry): void {
    const { event } = entry;
    this.#waiting.delete(event.id);
    this.#inFlight.set(event.id, entry);
    this.#options.publisher.publish(eventMessage(event)).then(
      () => {
        this.#inFlight.delete(event.id);
        this.#options.onPublished?.(event.type);
        if (this.buffered === 0) for (const tell of this.#idle.splice(0)) tell();
      },
      () => {
        this.#inFlight.delete(event.id);
        this.#failed.push(entry);
        this.#drainIn(retryMs());
      },
    );
  }

  #drainIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#drain();
    }, ms);
  }

  /** A standby forgets what is old, but nothing from a time when the broker was away: the active one may be sitting on a backlog. */
  #expire(now: number): void {
    const { keepMs = KEEP_MS } = this.#options;
    if (this.#active || now - this.#brokerSeenDownAt < keepMs) return;
    for (const [id, { addedAt }] of this.#waiting) {
      if (now - addedAt < keepMs) return;
      this.#waiting.delete(id);
    }
  }

  /** Makes room for a hundredth of the buffer at once, because it looks through all of it. What is on its way is never dropped. */
  #dropLeast(): void {
    const { rankOf = () => 0, onDropped, maxBuffered } = this.#options;
    const events = [...this.#waiting.values()].map(({ event }) => event);
    for (const { id, type } of events.sort((a, b) => rankOf(a.type) - rankOf(b.type)).slice(0, Math.ceil(maxBuffered / 100))) {
      this.#waiting.delete(id);
      onDropped?.(type);
    }
  }
}

function retryMs(): number {
  return RETRY_MS * (0.5 + Math.random());
}

/** An event as it goes to the exchange. Nobody has to listen: it is not mandatory. */
export function eventMessage(event: DiscadorEvent): OutgoingMessage {
  const { id, type } = event;
  return { exchange: EVENTS_EXCHANGE, routingKey: routingKeyOf(event), content: Buffer.from(JSON.stringify(event)), messageId: id, type };
}
