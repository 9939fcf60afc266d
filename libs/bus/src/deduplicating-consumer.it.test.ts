import { randomUUID } from 'node:crypto';
import { campaignEvent } from '@discador/contracts/events/campaign-events';
import type { DiscadorEvent } from '@discador/contracts/events/catalogue';
import { DiscadorError } from '@discador/contracts/discador-error';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { RedisSeenStore } from '@discador/redis/redis-seen-store';
import { testRedis } from '@discador/redis/testing/test-redis';
import { until } from '@discador/runtime/testing/until';
import type { ChannelModel } from 'amqplib';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { BusConnection } from './bus-connection.ts';
import { DeduplicatingConsumer, eventQueueName, type DeduplicatingConsumerOptions, type Reception } from './deduplicating-consumer.ts';
import { eventMessage } from './event-publisher.ts';
import { Publisher } from './publisher.ts';
import { MemorySeenStore, type SeenStore } from './seen-store.ts';
import { createTestBus, type TestBus } from './testing/test-bus.ts';
import { PARKED_QUEUE } from './topology.ts';

const REDIS_DB = 10;
const CAMPAIGN = '0198f3a0-0000-7000-8000-0000000000c1';
const log = pino({ level: 'silent' });
let testBus: TestBus;
let redis: Redis;
/** the test's own */
let bus: BusConnection;
let model: ChannelModel;
let publisher: Publisher;
let name: string;
let received: Reception[];
const open: { consumer: DeduplicatingConsumer; bus: BusConnection }[] = [];

beforeAll(async () => {
  testBus = await createTestBus();
  redis = await testRedis(REDIS_DB);
  bus = new BusConnection({ url: testBus.url, name: 'test', log });
  bus.onConnect(async (opened) => void (model = opened));
  publisher = new Publisher(bus);
  bus.start();
  await until(() => bus.up);
});
afterAll(async () => {
  redis.disconnect();
  await bus.close();
  await testBus.drop();
});
beforeEach(async () => {
  name = `test-${randomUUID()}`;
  received = [];
  const channel = await model.createChannel();
  await channel.purgeQueue(PARKED_QUEUE);
  await channel.close();
});
afterEach(async () => {
  for (const { consumer, bus: own } of open.splice(0)) {
    await consumer.stop();
    await own.close();
  }
});

const event = (type: 'campaign.started' | 'campaign.paused' = 'campaign.started', id: string = randomUUID()): DiscadorEvent =>
  campaignEvent(type, id, '2026-11-21T10:00:00.000Z', { campaignId: CAMPAIGN, name: 'x' });
const send = async (...events: DiscadorEvent[]): Promise<void> => void (await Promise.all(events.map((one) => publisher.publish(eventMessage(one)))));
const sendRaw = (content: string): Promise<void> => publisher.publish({ exchange: EVENTS_EXCHANGE, routingKey: 'campaign.started.x', content: Buffer.from(content), mandatory: true });

/** Consumes with a connection of its own, as another process would. */
async function consume(store: SeenStore, handle: DeduplicatingConsumerOptions['handle'], more: Partial<DeduplicatingConsumerOptions> = {}): Promise<DeduplicatingConsumer> {
  const own = new BusConnection({ url: testBus.url, name: 'consumer', log });
  const consumer = new DeduplicatingConsumer(own, { name, bindings: ['campaign.started.#'], store, log, handle, onReceived: (what) => received.push(what), ...more });
  open.push({ consumer, bus: own });
  own.start();
  await until(() => consumer.consuming);
  return consumer;
}

async function inQueue(queue: string): Promise<number> {
  const channel = await model.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount;
}

const stores: [string, () => SeenStore][] = [
  ['memory', () => new MemorySeenStore()],
  ['Redis', () => new RedisSeenStore({ redis, consumer: name })],
];

test.each(stores)('with a store in %s: handles each event once, in order, whether its repeat comes in the same batch or later; others do not arrive', async (_where, storeOf) => {
  const handled: string[] = [];
  await consume(storeOf(), async (events) => void handled.push(...events.map(({ id }) => id)), { batchSize: 5, batchMs: 50 });
  const [a, b, c] = [event(), event(), event()];
  await send(a, b, event('campaign.paused'), a, b);
  await until(() => received.length === 4);
  await send(c, a);
  await until(() => received.length === 6);
  expect(handled).toEqual([a.id, b.id, c.id]);
  expect(received.toSorted()).toEqual([...Array(3).fill('handled'), ...Array(3).fill('repeated')]);
});

test.each(stores)('with a store in %s: an event whose handler failed comes again, and its repeat is dropped only after it was handled', async (_where, storeOf) => {
  const tries: string[] = [];
  await consume(storeOf(), async ([one]) => {
    tries.push(one?.id ?? '');
    if (tries.length === 1) throw new DiscadorError('database_down', 'away', { retry: 'later' });
  });
  const one = event();
  await send(one);
  await until(() => tries.length === 2);
  await send(one);
  await until(() => received.length === 2);
  expect([tries, received]).toEqual([[one.id, one.id], ['handled', 'repeated']]);
});

test('consumers of one name share the events, and what they have seen; one of another name gets all', async () => {
  const handled: string[] = [];
  const others: string[] = [];
  const store = (): SeenStore => new RedisSeenStore({ redis, consumer: name });
  const first = await consume(store(), async (events) => void handled.push(...events.map(({ id }) => id)));
  const events = [event(), event(), event()];
  await send(...events);
  await until(() => handled.length === 3);
  await first.stop();
  await consume(store(), async (more) => void handled.push(...more.map(({ id }) => id)));
  await consume(new RedisSeenStore({ redis, consumer: 'another' }), async (more) => void others.push(...more.map(({ id }) => id)), { name: `${name}-other`, onReceived: () => undefined });
  await send(...events, event());
  await until(() => received.length === 7 && others.length === 4);
  expect(handled).toHaveLength(4);
});

test('what has no known type is passed by and counted, what cannot be read is parked and counted, and neither reaches the handler', async () => {
  const handled: DiscadorEvent[] = [];
  await consume(new MemorySeenStore(), async (events) => void handled.push(...events));
  await sendRaw(JSON.stringify({ ...event(), type: 'campaign.sung' }));
  await sendRaw('{"type": ');
  await sendRaw(JSON.stringify({ ...event(), data: { campaignId: 'no id' } }));
  await sendRaw('null');
  await send(event());
  await until(async () => received.length === 5 && (await inQueue(PARKED_QUEUE)) === 3);
  expect([received, handled.length]).toEqual([['unknown', 'malformed', 'malformed', 'malformed', 'handled'], 1]);
});

test('with its store away it handles and parks nothing, and goes on when that is back', async () => {
  const memory = new MemorySeenStore();
  let asked = 0;
  const store: SeenStore = { mark: (ids) => memory.mark(ids), seen: async (ids) => (++asked > 2 ? memory.seen(ids) : Promise.reject(new Error('away'))) };
  const handled: DiscadorEvent[] = [];
  await consume(store, async (events) => void handled.push(...events));
  await send(event());
  await until(() => handled.length === 1);
  expect([asked, await inQueue(PARKED_QUEUE)]).toEqual([3, 0]);
});

test('an event that was handled and could not be marked is done; its repeat is handled again', async () => {
  const handled: DiscadorEvent[] = [];
  await consume({ seen: async () => new Set(), mark: () => Promise.reject(new Error('away')) }, async (events) => void handled.push(...events));
  const one = event();
  await send(one, one);
  await until(() => received.length === 2);
  expect([handled, received]).toEqual([[one, one], ['handled', 'handled']]);
});

test('its queue has every argument said', async () => {
  await consume(new MemorySeenStore(), async () => undefined, { maxLength: 7 });
  const queue = await testBus.api<{ arguments: object; durable: boolean }>(`queues/VHOST/${eventQueueName(name)}?disable_stats=true&columns=durable,arguments`);
  expect(queue).toEqual({
    durable: true,
    arguments: {
      'x-queue-type': 'quorum', 'x-delivery-limit': 50, 'x-dead-letter-exchange': 'discador.dead', 'x-dead-letter-routing-key': name,
      'x-dead-letter-strategy': 'at-most-once', 'x-overflow': 'drop-head', 'x-max-length': 7, 'x-consumer-timeout': 1_800_000,
    },
  });
});

test('when its queue is full the oldest is parked, and the publisher is not refused', async () => {
  const consumer = await consume(new MemorySeenStore(), async () => undefined, { maxLength: 2 });
  await consumer.stop();
  await send(event(), event(), event());
  await until(async () => (await inQueue(PARKED_QUEUE)) === 1);
  expect(await inQueue(eventQueueName(name))).toBe(2);
});

test('Redis forgets after the time to live, and keeps the names of consumers apart', async () => {
  const store = new RedisSeenStore({ redis, consumer: name, ttlMs: 60_000 });
  await store.mark(['a', 'b']);
  expect([...(await store.seen(['b', 'c', 'a']))]).toEqual(['b', 'a']);
  expect([...(await new RedisSeenStore({ redis, consumer: 'another' }).seen(['a'])), ...(await store.seen([]))]).toEqual([]);
  expect(await redis.pttl(`discador:seen:${name}:a`)).toBeGreaterThan(50_000);
});
