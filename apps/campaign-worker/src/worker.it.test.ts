import { randomUUID } from 'node:crypto';
import { BusConnection } from '@discador/bus/bus-connection';
import { Publisher } from '@discador/bus/publisher';
import { createTestBus, type TestBus } from '@discador/bus/testing/test-bus';
import { PARKED_QUEUE } from '@discador/bus/topology';
import { callEventId, type CallEndedEvent } from '@discador/contracts/events/call-events';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { OUTCOMES_QUEUE, SLICES_QUEUE } from '@discador/contracts/slice';
import type { ServiceContext } from '@discador/runtime/service-context';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { required } from '@discador/runtime/testing/required';
import { until } from '@discador/runtime/testing/until';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ChannelModel } from 'amqplib';
import { pino } from 'pino';
import { createModule } from './app.module.ts';
import type { WorkerSettings } from './settings.ts';
import { WorkerBench } from './testing/worker-bench.ts';
import { REDIS_DB, workerContext } from './testing/worker-context.ts';

let testBus: TestBus;
let bus: BusConnection;
let model: ChannelModel;
let publisher: Publisher;
let bench: WorkerBench;
let postgres: TcpProxy;
let redis: TcpProxy;
let context: ServiceContext<WorkerSettings>;
let app: INestApplicationContext | undefined;

beforeAll(async () => {
  testBus = await createTestBus();
  bus = new BusConnection({ url: testBus.url, name: 'test', log: pino({ level: 'silent' }) });
  bus.onConnect(async (opened) => void (model = opened));
  publisher = new Publisher(bus);
  bus.start();
  await until(() => bus.up);
});
afterAll(async () => {
  await bus.close();
  await testBus.drop();
});

beforeEach(async () => {
  bench = await WorkerBench.open();
  const channel = await model.createChannel();
  for (const queue of [SLICES_QUEUE, OUTCOMES_QUEUE, PARKED_QUEUE]) await channel.purgeQueue(queue);
  await channel.close();
  postgres = new TcpProxy(bench.own.url);
  const redisUrl = `${required('REDIS_URL')}/${REDIS_DB}`;
  redis = new TcpProxy(redisUrl);
  context = workerContext({ databaseUrl: await postgres.open(bench.own.url), redisUrl: await redis.open(redisUrl), amqpUrl: testBus.url });
  app = await NestFactory.createApplicationContext(createModule(context), { logger: false });
  await until(() => context.dependencies.ready && says('takesSlices') && says('takesOutcomes'));
});
afterEach(async () => {
  await app?.close();
  await Promise.all([postgres.close(), redis.close()]);
  await bench.close();
});

const says = (detail: string): boolean => context.report.current().details[detail] === true;

/** Messages of a queue that nobody holds. */
async function waiting(queue: string): Promise<number> {
  const channel = await model.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount;
}

const publishSlice = (content: Buffer): Promise<void> => publisher.publish({ exchange: '', routingKey: SLICES_QUEUE, content, mandatory: true });
const publishEvent = (event: object | string): Promise<void> =>
  publisher.publish({ exchange: EVENTS_EXCHANGE, routingKey: 'call.ended.none', content: Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)), mandatory: true });

/** Attempts in the ledger that no PBX has heard of. */
async function openAttempts(count: number): Promise<string[]> {
  const campaignId = await bench.campaign(count);
  const [link] = bench.links;
  if (link) link.originator.originate = async () => ({ queued: true });
  await bench.worker().handle((await bench.slice(campaignId, count)).message);
  return bench.attempts(campaignId);
}

function callEnded(attemptid: string, change: Partial<CallEndedEvent> = {}): CallEndedEvent {
  const at = new Date().toISOString();
  const callId = `${attemptid};1`;
  return {
    specversion: '1.0', id: callEventId('pbx1', callId, 'ended'), source: '/pbx/pbx1', type: 'call.ended', subject: callId, time: at,
    datacontenttype: 'application/json', pbx: 'pbx1', attemptid, inferred: false,
    data: { callId, direction: 'outbound', from: '', to: '1', startedAt: at, endedAt: at, durationMs: 0, billMs: 0, cause: 17, disposition: 'busy', dtmf: '' },
    ...change,
  };
}

const ends = () => bench.rows<{ attempt_id: string; disposition: string }>('SELECT attempt_id, disposition FROM call_attempts WHERE ended_at IS NOT NULL ORDER BY 1');
const counted = async () => (await bench.rows<{ value: string }>(`SELECT sum(value)::text AS value FROM report.campaign_counters WHERE counter = 'disposition:busy'`))[0]?.value;

test('takes slices from the bus to the PBX', async () => {
  const campaignId = await bench.campaign(7);
  await publishSlice((await bench.slice(campaignId, 4)).message.content);
  await publishSlice((await bench.slice(campaignId, 3)).message.content);
  await until(() => bench.dialled.length === 7);
  expect(bench.dialled.toSorted()).toEqual(await bench.attempts(campaignId));
  await until(async () => (await waiting(SLICES_QUEUE)) === 0);
});

test('stores outcomes once however often they are said, passes by calls of others, parks what cannot be read', async () => {
  const [first = '', second = ''] = await openAttempts(2);
  const events = [callEnded(first), 'not even JSON', callEnded(first), { type: 'call.ended' }, callEnded(second), callEnded(randomUUID())];
  const inbound: Partial<CallEndedEvent> = callEnded(randomUUID());
  delete inbound.attemptid;
  for (const event of [...events, inbound]) await publishEvent(event);
  await publishEvent(callEnded(first, { data: { ...callEnded(first).data, disposition: 'answered', cause: 16 } }));
  await until(async () => (await ends()).length === 2 && (await waiting(PARKED_QUEUE)) === 2);
  expect([await ends(), await counted()]).toEqual([[{ attempt_id: first, disposition: 'busy' }, { attempt_id: second, disposition: 'busy' }], '2']);
  expect((await bench.rows('SELECT 1 FROM open_attempts')).length).toBe(0);
  await until(async () => (await context.metrics.metrics()).includes('disposition="busy",source="events"} 2'));
});

test('an end that a monitor only guessed is left to the sweeper', async () => {
  const [guessed = '', known = ''] = await openAttempts(2);
  await publishEvent(callEnded(guessed, { inferred: true, data: { ...callEnded(guessed).data, disposition: 'in_doubt' } }));
  await publishEvent(callEnded(known));
  await until(async () => (await ends()).length === 1);
  expect((await ends())[0]?.attempt_id).toBe(known);
  expect(await bench.rows('SELECT attempt_id FROM open_attempts')).toEqual([{ attempt_id: guessed }]);
});

test('with the database away outcomes wait in their queue, and are stored when it is back', async () => {
  const attempts = await openAttempts(3);
  await postgres.close();
  for (const attempt of attempts) await publishEvent(callEnded(attempt));
  await until(() => !says('takesOutcomes'));
  await until(async () => (await waiting(OUTCOMES_QUEUE)) === 3);
  expect(context.dependencies.waitingFor).toEqual([expect.stringMatching(/^postgres: /)]);
  await postgres.open(bench.own.url);
  await until(async () => (await ends()).length === 3);
  expect([await counted(), await waiting(PARKED_QUEUE)]).toEqual(['3', 0]);
});

test('with Redis away no slice is worked: its message waits, nothing is claimed', async () => {
  const campaignId = await bench.campaign(2);
  await redis.close();
  await publishSlice((await bench.slice(campaignId, 2)).message.content);
  await until(() => !says('takesSlices'));
  await until(async () => (await waiting(SLICES_QUEUE)) === 1);
  expect(await bench.attempts(campaignId)).toEqual([]);
  await redis.open(`${required('REDIS_URL')}/${REDIS_DB}`);
  await until(async () => (await bench.attempts(campaignId)).length === 2);
});

test('at the end: the slice in hand is closed, those not begun go back, outcomes in hand are stored, and it does not take long', async () => {
  const [attempt = ''] = await openAttempts(1);
  const campaignId = await bench.campaign(10);
  await bench.own.pool.query('UPDATE campaigns SET max_channels = 2 WHERE campaign_id = $1', [campaignId]);
  for (let count = 0; count < 6; count++) await publishSlice((await bench.slice(campaignId, 5)).message.content); // four at once may be in hand
  await until(async () => (await bench.attempts(campaignId)).length === 2);
  await publishEvent(callEnded(attempt));
  const began = performance.now();
  await app?.close();
  app = undefined;
  expect(performance.now() - began).toBeLessThan(3000);
  expect([await bench.attempts(campaignId), await ends()]).toMatchObject([{ length: 2 }, { length: 1 }]);
  expect(await bench.rows(`SELECT count(*)::int FROM slices WHERE campaign_id = $1 AND lease > 0 AND closed_at IS NULL`, [campaignId])).toEqual([{ count: 0 }]);
  expect(await waiting(SLICES_QUEUE)).toBe(2);
  await until(() => bench.dialled.length === 2);
});
