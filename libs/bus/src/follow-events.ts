import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { BusConnection } from './bus-connection.ts';
import { closeQuietly } from './close-quietly.ts';

/** Messages on their way to a follower that has not yet dealt with those before. */
const PREFETCH = 200;
/** What the broker keeps for a follower that is slower than the stream; the oldest go first. */
const MAX_WAITING = 50_000;

/** Hears the events as they come, without a queue that outlives the listener: each connection has its own, and what is sent while there is
 *  none is not heard. Call it before the bus is started.
 *  @param keys  binding keys of the events exchange, e.g. `call.ended.#`
 *  @param onMessage  the next messages wait until what it returns has resolved */
export function followEvents(bus: BusConnection, keys: readonly string[], onMessage: (message: ConsumeMessage) => Promise<void>): void {
  bus.onConnect(async (connection) => {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined); // 'close' follows
    channel.once('close', () => void closeQuietly(connection)); // refused, or its queue lost: begin anew
    await channel.prefetch(PREFETCH);
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false, arguments: { 'x-queue-type': 'classic', 'x-max-length': MAX_WAITING } });
    for (const key of keys) await channel.bindQueue(queue, EVENTS_EXCHANGE, key);
    await channel.consume(queue, (message) => void (message ? onMessage(message).then(() => settle(channel, message)) : closeQuietly(channel)));
  });
}

function settle(channel: Channel, message: ConsumeMessage): void {
  try {
    channel.ack(message);
  } catch {
    // closed meanwhile, and its queue gone with it
  }
}
