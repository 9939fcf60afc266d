import { once } from 'node:events';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { OUTCOMES_QUEUE, SLICES_QUEUE } from '@discador/contracts/slice';
import { until } from '@discador/runtime/testing/until';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import type { ChannelModel } from 'amqplib';
import { pino } from 'pino';
import { BusConnection } from './bus-connection.ts';
import { Publisher, type OutgoingMessage } from './publisher.ts';
import { createTestBus, type TestBus } from './testing/test-bus.ts';
import { PARKED_QUEUE } from './topology.ts';

const log = pino({ level: 'silent' });
let testBus: TestBus;
let proxy: TcpProxy;
let bus: BusConnection;
let publisher: Publisher;
let connection: ChannelModel;
let states: string[];

const toQueue = (queue: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({ exchange: '', routingKey: queue, content: Buffer.from('{}'), mandatory: true, ...more });

async function depth(queue: string): Promise<number> {
  const channel = await connection.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount;
}

beforeAll(async () => {
  testBus = await createTestBus();
});
afterAll(() => testBus.drop());

beforeEach(async () => {
  states = [];
  proxy = new TcpProxy(testBus.url);
  const url = await proxy.open(testBus.url);
  const state = { up: () => void states.push('up'), down: (reason: string) => void states.push(reason) };
  bus = new BusConnection({ url, name: 'publisher test', log, state });
  bus.onConnect(async (opened) => void (connection = opened));
  publisher = new Publisher(bus, { maxPending: 3000 });
  bus.start();
  await until(() => bus.up);
});
afterEach(async () => {
  await proxy.close();
  await bus.close();
});

test('every queue is a quorum queue with each argument said', async () => {
  const queues = await testBus.api<{ name: string; durable: boolean; arguments: Record<string, unknown> }[]>('queues/VHOST?disable_stats=true&columns=name,durable,arguments');
  const work = (key: string, maxLength: number) => ({
    'x-queue-type': 'quorum',
    'x-delivery-limit': 50,
    'x-dead-letter-exchange': 'discador.dead',
    'x-dead-letter-routing-key': key,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
    'x-max-length': maxLength,
    'x-consumer-timeout': 1_800_000,
  });
  expect(Object.fromEntries(queues.map((queue) => [queue.name, queue.arguments]))).toEqual({
    [SLICES_QUEUE]: work('slices', 1000),
    [OUTCOMES_QUEUE]: work('outcomes', 5_000_000),
    [PARKED_QUEUE]: { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish' },
  });
  expect(queues.every((queue) => queue.durable)).toBe(true);
});

test('resolves after the confirm only: the message is in the queue by then', async () => {
  const before = await depth(OUTCOMES_QUEUE);
  const published = publisher.publish({ exchange: EVENTS_EXCHANGE, routingKey: 'call.ended.none', content: Buffer.from('{}') });
  expect(publisher.unconfirmed).toBe(1);
  await published;
  expect([publisher.unconfirmed, (await depth(OUTCOMES_QUEUE)) - before]).toEqual([0, 1]);
});

test('what no queue takes is refused, with and without an id; without `mandatory` it is dropped', async () => {
  const lost = { exchange: EVENTS_EXCHANGE, routingKey: 'nobody.listens', content: Buffer.from('{}') };
  await expect(publisher.publish({ ...lost, mandatory: true, messageId: 'a' })).rejects.toMatchObject({ code: 'bus_rejected', message: 'no queue takes this message' });
  await expect(publisher.publish({ ...lost, mandatory: true })).rejects.toMatchObject({ code: 'bus_rejected' });
  await publisher.publish(lost);
});

test('a full queue refuses, and the next queue is served', async () => {
  const results = await Promise.allSettled(Array.from({ length: 1400 }, () => publisher.publish(toQueue(SLICES_QUEUE))));
  const refused = results.filter((result) => result.status === 'rejected').map((result) => result.reason as { code: string });
  expect(refused.length).toBeGreaterThan(0);
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['bus_rejected']));
  await expect(publisher.publish(toQueue(SLICES_QUEUE))).rejects.toMatchObject({ code: 'bus_rejected', message: 'the broker refused the message' });
  expect(1400 - refused.length).toBe(await depth(SLICES_QUEUE));
  await publisher.publish(toQueue(OUTCOMES_QUEUE));
});

test('more unconfirmed than allowed is refused at once', async () => {
  const results = await Promise.allSettled(Array.from({ length: 3001 }, () => publisher.publish(toQueue(OUTCOMES_QUEUE))));
  expect(results.map((result) => (result.status === 'rejected' ? (result.reason as { code: string }).code : 'ok')).indexOf('bus_full')).toBe(3000);
});

test('what leaves in one turn of the event loop is one write to the socket', async () => {
  const { stream } = (connection as unknown as { connection: { stream: Record<'_write' | '_writev', (...args: unknown[]) => void> } }).connection;
  let writes = 0;
  for (const name of ['_write', '_writev'] as const) {
    const write = stream[name].bind(stream);
    stream[name] = (...args) => {
      writes += 1;
      write(...args);
    };
  }
  await Promise.all(Array.from({ length: 50 }, () => publisher.publish(toQueue(OUTCOMES_QUEUE))));
  expect(writes).toBeLessThan(5);
});

test('while the broker is away, and when it goes before the confirm: bus_down, at once; then up again by itself', async () => {
  const pending = Array.from({ length: 200 }, () => publisher.publish(toQueue(OUTCOMES_QUEUE)));
  const results = Promise.allSettled(pending);
  await proxy.close();
  const codes = (await results).flatMap((result) => (result.status === 'rejected' ? [(result.reason as { code: string }).code] : []));
  expect(new Set(codes)).toEqual(new Set(['bus_down']));
  expect([publisher.up, bus.up, publisher.unconfirmed]).toEqual([false, false, 0]);
  await expect(publisher.publish(toQueue(OUTCOMES_QUEUE))).rejects.toMatchObject({ code: 'bus_down', retry: 'later' });
  await until(() => states.includes('ECONNREFUSED'));
  await proxy.open(testBus.url);
  await until(() => bus.up);
  await publisher.publish(toQueue(OUTCOMES_QUEUE));
  expect(states.at(-1)).toBe('up');
});

test('the broker closes the connection: it comes back by itself', async () => {
  type Row = { name: string; client_properties: { connection_name: string } };
  const named = async () => (await testBus.api<Row[]>('vhosts/VHOST/connections')).find((row) => row.client_properties?.connection_name === 'publisher test');
  await until(async () => (await named()) !== undefined, 15_000); // the list lags behind by some seconds
  const closed = once(connection, 'close');
  const row = await named();
  await testBus.api(`connections/${encodeURIComponent(row?.name ?? '')}`, 'DELETE');
  await closed;
  await until(() => publisher.up && bus.up);
  await publisher.publish(toQueue(OUTCOMES_QUEUE));
  expect(states.slice(0, 2)).toEqual(['up', 'connection lost']);
});

test('a message to an exchange that is not there costs the channel for a moment, not the publisher', async () => {
  await expect(publisher.publish({ exchange: 'nowhere', routingKey: 'x', content: Buffer.from('{}') })).rejects.toMatchObject({ code: 'bus_down' });
  await until(() => publisher.up);
  await publisher.publish(toQueue(OUTCOMES_QUEUE));
  expect(bus.up).toBe(true);
});

test('a broker that takes no messages for want of memory or disk is away, until it says otherwise', async () => {
  const pending = publisher.publish(toQueue(OUTCOMES_QUEUE));
  connection.emit('blocked', 'low on disk');
  await expect(pending).rejects.toMatchObject({ code: 'bus_down' });
  await expect(publisher.publish(toQueue(OUTCOMES_QUEUE))).rejects.toMatchObject({ code: 'bus_down' });
  expect([publisher.up, states.at(-1)]).toEqual([false, 'takes no messages: low on disk']);
  connection.emit('unblocked');
  await publisher.publish(toQueue(OUTCOMES_QUEUE));
  expect(states.at(-1)).toBe('up');
});

test('flush waits for the confirms, and not longer than it may', async () => {
  void publisher.publish(toQueue(OUTCOMES_QUEUE));
  await publisher.flush(5000);
  expect(publisher.unconfirmed).toBe(0);
  proxy.freeze();
  publisher.publish(toQueue(OUTCOMES_QUEUE)).catch(() => undefined);
  await publisher.flush(50);
  expect(publisher.unconfirmed).toBe(1);
});

test('a half-open connection is found within four seconds, what waited on it fails, and a new one takes messages', async () => {
  proxy.freeze(); // nobody closes, nobody answers; new connections pass
  const frozenAt = performance.now();
  await expect(publisher.publish(toQueue(OUTCOMES_QUEUE))).rejects.toMatchObject({ code: 'bus_down' });
  await until(() => publisher.up && bus.up);
  await publisher.publish(toQueue(OUTCOMES_QUEUE));
  expect(performance.now() - frozenAt).toBeLessThan(4000);
});

test('is back within a second and a half of a broker that was away for long', async () => {
  await proxy.close();
  await new Promise((resolve) => setTimeout(resolve, 5000)); // enough tries for the delay to have reached its bound
  await proxy.open(testBus.url);
  const backAt = performance.now();
  await until(() => publisher.up && bus.up);
  expect(performance.now() - backAt).toBeLessThan(1500);
}, 15_000);

test('ends soon with a broker that does not answer, and while it is connecting', async () => {
  proxy.freeze();
  const began = performance.now();
  await bus.close();
  const other = new BusConnection({ url: testBus.url, name: 'late', log });
  other.start();
  await other.close();
  expect(other.up).toBe(false);
  expect(performance.now() - began).toBeLessThan(4500);
});
