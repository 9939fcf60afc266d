import { EVENT_TYPES, parseEvent, type DiscadorEvent } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { DiscadorError } from '@discador/contracts/discador-error';
import type { ConsumeMessage } from 'amqplib';
import type { Logger } from 'pino';
import type { BusConnection } from './bus-connection.ts';
import { closeQuietly } from './close-quietly.ts';
import { Consumer, type Settlement } from './consumer.ts';
import type { SeenStore } from './seen-store.ts';
import { eventQueue } from './topology.ts';

/** What became of a message: handled just now, dropped as a repeat, passed by because its type is of a later version, or parked. */
export type Reception = 'handled' | 'repeated' | 'unknown' | 'malformed';

export interface DeduplicatingConsumerOptions {
  /** of its queue, `discador.consumer.<name>`: consumers of one name share the events among them, and should share the store */
  name: string;
  /** routing keys with wildcards, e.g. `call.ended.#`. One that is taken out stays bound until somebody unbinds it at the broker */
  bindings: readonly string[];
  store: SeenStore;
  log: Logger;
  /** Handles events not handled before, in order: one, or up to `batchSize` that came within `batchMs`. A throw gives them back to the queue,
   *  see `ConsumerOptions.handle`. */
  handle(events: DiscadorEvent[]): Promise<void>;
  /** counts */
  onReceived?(what: Reception): void;
  /** Whether what `handle` depends on is there; see `ConsumerOptions.ready`. Default: yes. */
  ready?(): Promise<boolean>;
  /** default 100 */
  prefetch?: number;
  /** default 1 */
  batchSize?: number;
  batchMs?: number;
  /** messages that wait for it at most, default 1,000,000; the oldest of more are parked */
  maxLength?: number;
}

/** Takes events off the exchange and hands each to `handle`, repeats dropped by their ids.
 *
 *  Still at least once, never at most once: an id is marked after `handle` has succeeded, and the message acknowledged after that. Who dies, or
 *  loses the store, between handling and marking handles the event again; and two consumers of one name that get the same event at the same
 *  moment both handle it. Repeats come from publishers that did not hear a confirm, hence a moment later, so that this is rare; what must not
 *  happen twice at all belongs into one transaction with the event's id. */
export class DeduplicatingConsumer {
  readonly #options: DeduplicatingConsumerOptions;
  readonly #consumer: Consumer;

  /** Register it before `bus.start()`. */
  constructor(bus: BusConnection, options: DeduplicatingConsumerOptions) {
    this.#options = options;
    const { name, bindings, log, prefetch = 100, batchSize = 1, batchMs = 0, maxLength = 1_000_000, ready = async () => true } = options;
    const queue = eventQueueName(name);
    bus.onConnect(async (connection) => {
      const channel = await connection.createChannel();
      channel.on('error', (error: Error) => log.warn({ err: error, queue }, 'event queue refused'));
      await channel.assertQueue(queue, eventQueue(name, maxLength));
      for (const binding of bindings) await channel.bindQueue(queue, EVENTS_EXCHANGE, binding);
      await closeQuietly(channel);
    });
    this.#consumer = new Consumer(bus, { queue, prefetch, batchSize, batchMs, log, ready, handle: (messages) => this.#handle(messages) });
  }

  get consuming(): boolean {
    return this.#consumer.consuming;
  }

  /** Takes no more, lets what is in hand end, gives the rest back. */
  stop(): Promise<void> {
    return this.#consumer.stop();
  }

  async #handle(messages: ConsumeMessage[]): Promise<Settlement[]> {
    const read = messages.map(readEvent);
    const events = new Map(read.flatMap((one) => (typeof one === 'string' ? [] : [[one.id, one] as const])));
    const seen = await this.#seen([...events.keys()]);
    const fresh = [...events.values()].filter(({ id }) => !seen.has(id));
    if (fresh.length > 0) await this.#options.handle(fresh);
    await this.#mark(fresh);
    this.#count(read, fresh.length);
    return read.map((one) => (one === 'malformed' ? 'drop' : 'ack'));
  }

  /** @throws DiscadorError to be retried later: with its store away the consumer pauses, it parks nothing */
  async #seen(ids: string[]): Promise<ReadonlySet<string>> {
    try {
      return await this.#options.store.seen(ids);
    } catch (cause) {
      throw new DiscadorError('redis_down', 'the store of handled events does not answer', { retry: 'later', cause });
    }
  }

  /** A mark that fails costs a repeat later at most; giving the message back would be that repeat, and now. */
  async #mark(handled: DiscadorEvent[]): Promise<void> {
    if (handled.length === 0) return;
    const { store, log, name } = this.#options;
    await store.mark(handled.map(({ id }) => id)).catch((error: unknown) => log.warn({ err: error, consumer: name }, 'handled events could not be marked'));
  }

  #count(read: ReturnType<typeof readEvent>[], handled: number): void {
    const { onReceived = () => undefined } = this.#options;
    let left = handled;
    for (const one of read) onReceived(typeof one === 'string' ? one : left-- > 0 ? 'handled' : 'repeated');
  }
}

export function eventQueueName(consumer: string): string {
  return `discador.consumer.${consumer}`;
}

function readEvent({ content }: ConsumeMessage): DiscadorEvent | 'unknown' | 'malformed' {
  try {
    const message: unknown = JSON.parse(content.toString('utf8'));
    if (isOfLaterType(message)) return 'unknown';
    return parseEvent(message);
  } catch {
    return 'malformed';
  }
}

function isOfLaterType(message: unknown): boolean {
  const type: unknown = message !== null && typeof message === 'object' && 'type' in message ? message.type : undefined;
  return typeof type === 'string' && !(EVENT_TYPES as readonly string[]).includes(type);
}
