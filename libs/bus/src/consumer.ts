import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Logger } from 'pino';
import type { BusConnection } from './bus-connection.ts';

/** What becomes of a message: done, back to the queue, or to the parked queue because it can never succeed. */
export type Settlement = 'ack' | 'requeue' | 'drop';

export interface ConsumerOptions {
  queue: string;
  prefetch: number;
  log: Logger;
  /** Handles up to `batchSize` messages that arrived within `batchMs`; one settlement per message, in order.
   *  A throw means that something we depend on is away: the consumer is cancelled (the messages return to the queue) and comes back when `ready` says so. */
  handle(messages: ConsumeMessage[]): Promise<Settlement[]>;
  batchSize?: number;
  batchMs?: number;
  /** asked before consuming and, while paused, every second */
  ready(): Promise<boolean>;
}

const PAUSE_MS = 500;

/** Consumes one queue with manual acknowledgements. Never nacks in a loop: trouble cancels it until `ready()`. */
export class Consumer {
  readonly #options: Required<ConsumerOptions>;
  #connection: ChannelModel | undefined;
  #channel: Channel | undefined;
  #waiting: ConsumeMessage[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #resume: NodeJS.Timeout | undefined;
  readonly #running = new Set<Promise<void>>();

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
    const channel = this.#channel;
    if (channel) await channel.cancel(this.#tag).catch(() => undefined);
    this.#flush();
    await Promise.allSettled(this.#running);
    await channel?.close().catch(() => undefined);
    this.#forget();
  }

  get #tag(): string {
    return `${this.#options.queue}.${process.pid}`;
  }

  #scheduleResume(ms: number): void {
    clearTimeout(this.#resume);
    if (!this.#stopped) this.#resume = setTimeout(() => void this.#open(), ms);
  }

  async #open(): Promise<void> {
    const connection = this.#connection;
    if (!connection || this.#channel || this.#stopped) return;
    try {
      if (!(await this.#options.ready())) return this.#scheduleResume(PAUSE_MS);
      const channel = await connection.createChannel();
      channel.on('error', (error: Error) => this.#options.log.warn({ err: error, queue: this.#options.queue }, 'consumer channel error'));
      channel.once('close', () => {
        if (this.#channel !== channel) return;
        this.#forget();
        this.#scheduleResume(PAUSE_MS);
      });
      await channel.prefetch(this.#options.prefetch);
      this.#channel = channel;
      await channel.consume(this.#options.queue, (message) => this.#take(channel, message), { consumerTag: this.#tag });
    } catch (error) {
      this.#options.log.warn({ err: error, queue: this.#options.queue }, 'cannot consume');
      this.#forget();
      this.#scheduleResume(PAUSE_MS);
    }
  }

  #take(channel: Channel, message: ConsumeMessage | null): void {
    if (channel !== this.#channel) return;
    if (!message) return void channel.close().catch(() => undefined); // the broker cancelled us
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
    const run = this.#handle(channel, batch).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #handle(channel: Channel, batch: ConsumeMessage[]): Promise<void> {
    try {
      const settlements = await this.#options.handle(batch);
      if (channel !== this.#channel) return; // the broker has given them to someone else already
      batch.forEach((message, index) => {
        const settlement = settlements[index] ?? 'ack';
        if (settlement === 'ack') channel.ack(message);
        else channel.nack(message, false, settlement === 'requeue');
      });
    } catch (error) {
      this.#options.log.warn({ err: error, queue: this.#options.queue, messages: batch.length }, 'consumer pauses');
      if (channel === this.#channel) {
        this.#forget();
        await channel.close().catch(() => undefined);
        this.#scheduleResume(PAUSE_MS);
      }
    }
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#channel = undefined;
  }
}
