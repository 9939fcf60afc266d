import { DiscadorError } from '@discador/contracts/discador-error';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Logger } from 'pino';
import type { BusConnection } from './bus-connection.ts';
import { atMost, closeQuietly } from './close-quietly.ts';

/** What becomes of a message: done, back to the queue, or to the parked queue because it can never succeed. */
export type Settlement = 'ack' | 'requeue' | 'drop';

export interface ConsumerOptions {
  queue: string;
  prefetch: number;
  log: Logger;
  /** Handles up to `batchSize` messages that arrived within `batchMs`; one settlement per message, in order.
   *  A throw while `ready` says no, or of an error to be retried later, means that something we depend on is away: the consumer is
   *  cancelled (the messages return to the queue) and comes back when `ready` says so. Any other throw is the messages' own fault:
   *  they are handled one by one, and one that throws again after its redelivery is parked. */
  handle(messages: ConsumeMessage[]): Promise<Settlement[]>;
  batchSize?: number;
  batchMs?: number;
  /** asked before consuming and, while paused, twice a second */
  ready(): Promise<boolean>;
}

const PAUSE_MS = 500;
/** A broker that has stopped answering must not hold up the end of the process. */
const CANCEL_WITHIN_MS = 2000;

/** Consumes one queue with manual acknowledgements. Never nacks in a loop: trouble cancels it until `ready()`. */
export class Consumer {
  readonly #options: Required<ConsumerOptions>;
  #connection: ChannelModel | undefined;
  #channel: Channel | undefined;
  #waiting: ConsumeMessage[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #resume: NodeJS.Timeout | undefined;
  /** one at a time: two at once would leave a channel behind whose messages nobody handles */
  #opening: Promise<void> = Promise.resolve();
  readonly #running = new Set<Promise<void>>();
  /** batches being handled, oldest first */
  readonly #inHand = new Set<ConsumeMessage[]>();

  constructor(bus: BusConnection, options: ConsumerOptions) {
    this.#options = { batchSize: 1, batchMs: 0, ...options };
    bus.onConnect(async (connection) => {
      this.#connection = connection;
      connection.once('close', () => {
        if (this.#connection === connection) this.#connection = undefined;
        this.#forget();
      });
      this.#scheduleResume(0);
    });
  }

  get consuming(): boolean {
    return this.#channel !== undefined;
  }

  /** Takes no more messages, lets those in hand end, gives the rest back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#resume);
    await this.#opening;
    const channel = this.#channel;
    if (channel) await atMost(CANCEL_WITHIN_MS, channel.cancel(this.#tag));
    this.#flush();
    await Promise.allSettled(this.#running);
    if (channel) await closeQuietly(channel);
    this.#forget();
  }

  get #tag(): string {
    return `${this.#options.queue}.${process.pid}`;
  }

  #scheduleResume(ms: number): void {
    clearTimeout(this.#resume);
    if (this.#stopped) return;
    this.#resume = setTimeout(() => {
      this.#opening = this.#opening.then(() => this.#open());
    }, ms);
  }

  async #open(): Promise<void> {
    const connection = this.#connection;
    if (!connection || this.#channel || this.#stopped) return;
    let channel: Channel | undefined;
    try {
      if (!(await this.#options.ready())) return this.#scheduleResume(PAUSE_MS);
      if (this.#stopped || this.#connection !== connection) return; // a new connection opens by itself
      channel = await connection.createChannel();
      await this.#consume(channel);
    } catch (error) {
      this.#options.log.warn({ err: error, queue: this.#options.queue }, 'cannot consume');
      if (channel) await closeQuietly(channel);
      if (this.#channel === channel) this.#forget();
      this.#scheduleResume(PAUSE_MS);
    }
  }

  async #consume(channel: Channel): Promise<void> {
    const { queue, prefetch, log } = this.#options;
    channel.on('error', (error: Error) => log.warn({ err: error, queue }, 'consumer channel error'));
    channel.once('close', () => {
      if (this.#channel !== channel) return;
      this.#forget();
      this.#scheduleResume(PAUSE_MS);
    });
    await channel.prefetch(prefetch);
    this.#channel = channel;
    await channel.consume(queue, (message) => this.#take(channel, message), { consumerTag: this.#tag });
  }

  #take(channel: Channel, message: ConsumeMessage | null): void {
    if (channel !== this.#channel) return;
    if (!message) return void closeQuietly(channel); // the broker cancelled us; `close` opens anew
    this.#waiting.push(message);
    if (this.#waiting.length >= this.#options.batchSize) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#options.batchMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const channel = this.#channel;
    const batch = this.#waiting;
    this.#waiting = [];
    if (!channel || batch.length === 0) return;
    this.#inHand.add(batch);
    const run = this.#handle(channel, batch).finally(() => {
      this.#running.delete(run);
      this.#inHand.delete(batch);
    });
    this.#running.add(run);
  }

  async #handle(channel: Channel, batch: ConsumeMessage[]): Promise<void> {
    let settlements: Settlement[];
    try {
      settlements = await this.#judge(batch);
    } catch (error) {
      return this.#pause(channel, batch.length, error);
    }
    if (channel !== this.#channel) return; // the broker has given them to someone else already
    try {
      this.#settle(channel, batch, settlements);
    } catch (error) {
      this.#options.log.debug({ err: error, queue: this.#options.queue }, 'channel closes; its messages come again');
    }
  }

  /** @throws when something we depend on is away */
  async #judge(batch: ConsumeMessage[]): Promise<Settlement[]> {
    try {
      return await this.#options.handle(batch);
    } catch (error) {
      const away = (error instanceof DiscadorError && error.retry === 'later') || !(await this.#options.ready());
      if (away) throw error;
      if (batch.length > 1) return this.#oneByOne(batch);
      const redelivered = batch[0]?.fields.redelivered === true;
      this.#options.log.error({ err: error, queue: this.#options.queue, redelivered }, 'a message cannot be handled');
      return [redelivered ? 'drop' : 'requeue'];
    }
  }

  async #oneByOne(batch: ConsumeMessage[]): Promise<Settlement[]> {
    const settlements: Settlement[] = [];
    for (const message of batch) settlements.push(...(await this.#judge([message])));
    return settlements;
  }

  async #pause(channel: Channel, messages: number, error: unknown): Promise<void> {
    this.#options.log.warn({ err: error, queue: this.#options.queue, messages }, 'consumer pauses');
    if (channel !== this.#channel) return;
    this.#forget();
    await closeQuietly(channel);
    this.#scheduleResume(PAUSE_MS);
  }

  #settle(channel: Channel, batch: ConsumeMessage[], settlements: Settlement[]): void {
    const [oldest] = this.#inHand;
    const last = batch.at(-1);
    // One frame for all, when nothing older is still being handled: it would be acknowledged too.
    if (last && oldest === batch && batch.every((_, index) => settlements[index] === 'ack')) return channel.ack(last, true);
    batch.forEach((message, index) => {
      const settlement = settlements[index] ?? 'ack';
      if (settlement === 'ack') channel.ack(message);
      else channel.nack(message, false, settlement === 'requeue');
    });
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#channel = undefined;
  }
}
