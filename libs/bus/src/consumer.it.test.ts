import { randomUUID } from 'node:crypto';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { until } from '@discador/runtime/testing/until';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { pino } from 'pino';
import { BusConnection } from './bus-connection.ts';
import { Consumer, type ConsumerOptions, type Settlement } from './consumer.ts';
import { Publisher } from './publisher.ts';
import { createTestBus, type TestBus } from './testing/test-bus.ts';
import { DEAD_EXCHANGE, PARKED_QUEUE } from './topology.ts';

const log = pino({ level: 'silent' });
let testBus: TestBus;
let proxy: TcpProxy;
/** the consumers' way to the broker, which tests cut */
let bus: BusConnection;
/** the test's own, which stays */
let steady: BusConnection;
let model: ChannelModel;
let publisher: Publisher;
let queue: string;
/** texts handled, in the order and batches of handling, with a mark for redelivery */
let handled: string[][];
const consumers: Consumer[] = [];

beforeAll(async () => {
  testBus = await createTestBus();
  steady = new BusConnection({ url: testBus.url, name: 'steady', log });
  steady.onConnect(async (opened) => void (model = opened));
  publisher = new Publisher(steady);
  steady.start();
  await until(() => steady.up);
});
afterAll(async () => {
  await steady.close();
  await testBus.drop();
});

beforeEach(async () => {
  handled = [];
  queue = `test.${randomUUID()}`;
  const channel = await model.createChannel();
  await channel.purgeQueue(PARKED_QUEUE);
  const dead = { 'x-dead-letter-exchange': DEAD_EXCHANGE, 'x-dead-letter-routing-key': 'test', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum', ...dead } });
  await channel.close();
  proxy = new TcpProxy(testBus.url);
  bus = new BusConnection({ url: await proxy.open(testBus.url), name: 'consumers', log });
});
afterEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  await proxy.close();
  await bus.close();
});

const textOf = (message: ConsumeMessage): string => `${message.content.toString()}${message.fields.redelivered ? ' again' : ''}`;

/** A consumer that notes what it handles, then does as `settle` says. */
function consume(settle: (texts: string[]) => Promise<Settlement[]>, more: Partial<ConsumerOptions> = {}): Consumer {
  const consumer = new Consumer(bus, {
    queue,
    prefetch: 10,
    log,
    ready: async () => true,
    handle: (messages) => {
      const texts = messages.map(textOf);
      handled.push(texts);
      return settle(texts);
    },
    ...more,
  });
  consumers.push(consumer);
  return consumer;
}

const ackAll = async (texts: string[]): Promise<Settlement[]> => texts.map(() => 'ack');
const send = (...texts: string[]): Promise<void[]> => Promise.all(texts.map((text) => publisher.publish({ exchange: '', routingKey: queue, content: Buffer.from(text), mandatory: true })));
const times = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

/** Messages in the queue that no consumer holds. */
async function ready(name = queue): Promise<number> {
  const channel = await model.createChannel();
  const { messageCount } = await channel.checkQueue(name);
  await channel.close();
  return messageCount;
}

/** What is left when every consumer has gone: nothing, if all was acknowledged. */
async function left(): Promise<number> {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  await proxy.close();
  await bus.close();
  await new Promise((resolve) => setTimeout(resolve, 100)); // what was not acknowledged comes back
  return ready();
}

test('acknowledges, gives back, and parks', async () => {
  let asked = 0;
  consume(async ([text]) => [text === 'bad' ? 'drop' : text === 'later' && ++asked === 1 ? 'requeue' : 'ack']);
  bus.start();
  await send('good', 'bad', 'later');
  await until(async () => handled.length === 4 && (await ready(PARKED_QUEUE)) === 1);
  expect(handled.flat().sort()).toEqual(['bad', 'good', 'later', 'later again']);
  const channel = await model.createChannel();
  const parked = await channel.get(PARKED_QUEUE);
  expect(parked && [parked.content.toString(), (parked.properties.headers?.['x-death'] as { queue: string; reason: string }[])[0]]).toEqual(['bad', expect.objectContaining({ queue, reason: 'rejected' })]);
  await channel.close();
  expect(await left()).toBe(0);
});

test('gathers batches by size, and the rest by time', async () => {
  consume(ackAll, { batchSize: 4, batchMs: 200 });
  await send(...times(10));
  bus.start();
  await until(() => handled.flat().length === 10);
  expect(handled.map((batch) => batch.length)).toEqual([4, 4, 2]);
  expect(handled.flat()).toEqual(times(10));
  expect(await left()).toBe(0);
});

test('one acknowledgement for a batch never covers an older batch that is still being handled', async () => {
  const slow = Promise.withResolvers<void>();
  consume(async (texts) => {
    if (texts.includes('0')) await slow.promise;
    return ackAll(texts);
  }, { batchSize: 2, batchMs: 2000 });
  await send(...times(6));
  bus.start();
  await until(() => handled.length === 3);
  await until(async () => (await model.createChannel().then(async (channel) => (await channel.checkQueue(queue)).consumerCount)) === 1);
  proxy.cut(); // the first batch was not acknowledged: it, and nothing else, comes again
  await until(() => handled.length === 4);
  slow.resolve();
  expect(handled[3]).toEqual(['0 again', '1 again']);
  expect(await left()).toBe(0);
});

test('a handler that throws cancels the consumer until ready, without a loop, and then handles everything again once', async () => {
  let away = true;
  let asked = 0;
  const consumer = consume(
    async (texts) => {
      if (away) throw new Error('the database is away');
      return ackAll(texts);
    },
    { batchSize: 3, batchMs: 2000, ready: async () => ++asked === 1 || !away },
  );
  await send(...times(3));
  bus.start();
  await until(() => asked >= 4); // three times told "not yet"
  expect(handled).toEqual([times(3)]);
  expect([consumer.consuming, await ready()]).toEqual([false, 3]);
  away = false;
  await until(() => handled.length === 2);
  expect(handled[1]).toEqual(times(3).map((text) => `${text} again`));
  expect(await left()).toBe(0);
});

test('one message that cannot be handled spoils neither its batch nor the queue: it is parked after its second try', async () => {
  consume(
    async (texts) => {
      if (texts.some((text) => text.startsWith('bad'))) throw new TypeError('a bug, or a value nobody foresaw');
      return ackAll(texts);
    },
    { batchSize: 3, batchMs: 2000 },
  );
  await send('0', 'bad', '2');
  bus.start();
  await until(async () => (await (await model.createChannel()).checkQueue(PARKED_QUEUE)).messageCount === 1);
  expect(handled).toEqual([['0', 'bad', '2'], ['0'], ['bad'], ['2'], ['bad again']]);
  expect(await left()).toBe(0);
});

test('a connection lost in mid-batch: nothing is acknowledged on the next channel, the batch comes again', async () => {
  const first = Promise.withResolvers<void>();
  let batches = 0;
  consume(async (texts) => {
    if (++batches === 1) await first.promise;
    return ackAll(texts);
  }, { batchSize: 3, batchMs: 300 });
  await send(...times(3));
  bus.start();
  await until(() => handled.length === 1);
  proxy.cut();
  await until(() => handled.length === 2);
  first.resolve(); // its channel is gone; an acknowledgement on the new one would end that with "unknown delivery tag"
  await send('next');
  await until(() => handled.length === 3);
  expect(handled.slice(1)).toEqual([times(3).map((text) => `${text} again`), ['next']]);
  expect(await left()).toBe(0);
});

test('stop lets work in hand end and gives the rest back', async () => {
  const release = Promise.withResolvers<void>();
  const consumer = consume(async (texts) => {
    await release.promise;
    return ackAll(texts);
  }, { prefetch: 2 });
  await send(...times(5));
  bus.start();
  await until(() => handled.length === 2);
  const stopped = consumer.stop();
  release.resolve();
  await stopped;
  expect([handled.flat(), consumer.consuming, await ready()]).toEqual([['0', '1'], false, 3]);
});

test('stopped while it asks whether it may consume, it takes nothing', async () => {
  const answer = Promise.withResolvers<boolean>();
  const asked = Promise.withResolvers<void>();
  const consumer = consume(ackAll, {
    ready: () => {
      asked.resolve();
      return answer.promise;
    },
  });
  await send('0');
  bus.start();
  await asked.promise;
  const stopped = consumer.stop();
  answer.resolve(true);
  await stopped;
  expect([handled, await ready()]).toEqual([[], 1]);
});

test('a connection that flaps while the question is out leaves one consumer behind, which gets everything', async () => {
  const first = Promise.withResolvers<boolean>();
  let asked = 0;
  let connections = 0;
  bus.onConnect(async () => void (connections += 1));
  consume(ackAll, { ready: () => (++asked === 1 ? first.promise : Promise.resolve(true)) });
  bus.start();
  await until(() => asked === 1);
  proxy.cut();
  await until(() => connections === 2);
  await new Promise((resolve) => setTimeout(resolve, 100)); // time for a second one to begin, if it may
  first.resolve(true);
  await send(...times(20));
  await until(() => handled.length === 20);
  const channel = await model.createChannel();
  expect((await channel.checkQueue(queue)).consumerCount).toBe(1);
  await channel.close();
});

test('a queue deleted under the consumer and made again is consumed again', async () => {
  const consumer = consume(ackAll);
  bus.start();
  await send('before');
  await until(() => handled.length === 1);
  const channel = await model.createChannel();
  await channel.deleteQueue(queue);
  await until(() => !consumer.consuming);
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.close();
  await send('after');
  await until(() => handled.length === 2);
});
