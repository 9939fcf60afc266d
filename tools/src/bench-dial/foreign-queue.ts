import { setTimeout as sleep } from 'node:timers/promises';
import { parseEvent } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import type { ToldEvent } from './judge-events.ts';

const QUEUE = 'bench.foreign';
const SILENT_MS = 2_000;
const PREFETCH = 1_000;

/** A queue as another service would have it: durable, bound with `#`, and read only when the measured run is over. */
export class ForeignQueue {
  readonly #connection: ChannelModel;
  readonly #channel: Channel;

  static async open(amqpUrl: string): Promise<ForeignQueue> {
    const connection = await connect(amqpUrl);
    const channel = await connection.createChannel();
    await channel.assertQueue(QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.bindQueue(QUEUE, EVENTS_EXCHANGE, '#');
    return new ForeignQueue(connection, channel);
  }

  private constructor(connection: ChannelModel, channel: Channel) {
    this.#connection = connection;
    this.#channel = channel;
  }

  /** Everything about calls that it holds, in its order; then the queue is gone. @throws ZodError for an event that its schema refuses */
  async empty(): Promise<ToldEvent[]> {
    const told: ToldEvent[] = [];
    let lastAt = performance.now();
    await this.#channel.prefetch(PREFETCH);
    await this.#channel.consume(QUEUE, (message) => {
      if (!message) return;
      lastAt = performance.now();
      this.#channel.ack(message);
      const event = parseEvent(JSON.parse(message.content.toString()));
      if (event.type.startsWith('call.')) told.push({ callId: event.subject, type: event.type });
    });
    while (performance.now() - lastAt < SILENT_MS) await sleep(100);
    await this.#channel.deleteQueue(QUEUE);
    await this.#connection.close();
    return told;
  }
}
