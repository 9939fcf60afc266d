import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { LEGACY_EXCHANGES, type LegacyShape } from '@discador/contracts/legacy/legacy-call';
import { OUTCOMES_QUEUE, SLICES_QUEUE } from '@discador/contracts/slice';
import type { Channel } from 'amqplib';

export const DEAD_EXCHANGE = 'discador.dead';
export const PARKED_QUEUE = 'discador.parked';

/** Deliveries of one message before it is parked: RabbitMQ 3.10 has no limit by default, 4.x has 20. */
const DELIVERY_LIMIT = 50;
/** A worker that holds a message longer than this is taken for dead (30 minutes is also the broker's default). */
const CONSUMER_TIMEOUT_MS = 1_800_000;

/** Declares every exchange and queue, with every argument explicit, so that all supported broker versions agree. Safe to repeat.
 *  @param legacyShapes  shapes of the old format that are published: each has an exchange, to which nobody need be bound */
export async function assertTopology(channel: Channel, legacyShapes: readonly LegacyShape[] = []): Promise<void> {
  await assertEventsExchange(channel);
  await channel.assertExchange(DEAD_EXCHANGE, 'topic', { durable: true });
  await channel.assertQueue(PARKED_QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' } });
  await channel.bindQueue(PARKED_QUEUE, DEAD_EXCHANGE, '#');
  await channel.assertQueue(SLICES_QUEUE, workQueue('slices', 1_000));
  await channel.assertQueue(OUTCOMES_QUEUE, workQueue('outcomes', 5_000_000));
  await channel.bindQueue(OUTCOMES_QUEUE, EVENTS_EXCHANGE, 'call.ended.#');
  for (const shape of legacyShapes) await channel.assertExchange(LEGACY_EXCHANGES[shape], 'topic', { durable: true });
}

/** All that those need who only listen. */
export async function assertEventsExchange(channel: Channel): Promise<void> {
  await channel.assertExchange(EVENTS_EXCHANGE, 'topic', { durable: true });
}

/** The queue of a consumer of events. When it is full its oldest messages are parked, rather than the publishers refused as by our own work
 *  queues: one consumer that has fallen behind must not hold up the others. (At-least-once dead-lettering knows only the refusal.) */
export function eventQueue(deadKey: string, maxLength: number): ReturnType<typeof workQueue> {
  const { arguments: work } = workQueue(deadKey, maxLength);
  return { durable: true, arguments: { ...work, 'x-overflow': 'drop-head', 'x-dead-letter-strategy': 'at-most-once' } };
}

function workQueue(deadKey: string, maxLength: number) {
  return {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': DELIVERY_LIMIT,
      'x-dead-letter-exchange': DEAD_EXCHANGE,
      'x-dead-letter-routing-key': deadKey,
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
      'x-max-length': maxLength,
      'x-consumer-timeout': CONSUMER_TIMEOUT_MS,
    },
  };
}
