import { randomUUID } from 'node:crypto';
import { BusConnection } from '@discador/bus/bus-connection';
import { EventPublisher } from '@discador/bus/event-publisher';
import { Publisher } from '@discador/bus/publisher';
import { createTestBus, type TestBus } from '@discador/bus/testing/test-bus';
import { parseEvent, routingKeyOf, type DiscadorEvent, type EventType } from '@discador/contracts/events/catalogue';
import type { DeskEvent } from '@discador/contracts/events/desk-events';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { queuesLiveKey, type QueueLive } from '@discador/contracts/live';
import { Database } from '@discador/postgres/database';
import { createTestDatabase, type TestDatabase } from '@discador/postgres/testing/test-database';
import { connectRedis } from '@discador/redis/connect';
import { required } from '@discador/runtime/testing/required';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { until } from '@discador/runtime/testing/until';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { AGENT, FakePbx } from '../testing/fake-pbx.ts';
import { rankOfDeskEvent } from './desk-cloud-event.ts';
import { PbxMonitor } from './pbx-monitor.ts';

const log = pino({ level: 'silent' });
const ATTEMPT = randomUUID();
const CALLER = `${ATTEMPT};1`;
const whom = { agent: AGENT, queue: 'sales' };

let own: TestDatabase;
let database: Database;
let redis: Redis;
let testBus: TestBus;
/** the test's own way to the broker */
let steady: BusConnection;
let pbx: string;
let fake: FakePbx;
/** what the exchange carried, in order, with its routing key */
let carried: { key: string; event: DiscadorEvent }[];
const replicas: Replica[] = [];

beforeAll(async () => {
  own = await createTestDatabase();
  database = new Database({ url: own.url, name: 'test', log });
  redis = connectRedis({ url: required('REDIS_URL'), name: 'test', log });
  testBus = await createTestBus();
  steady = new BusConnection({ url: testBus.url, name: 'test', log });
  steady.onConnect(async (connection) => {
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, EVENTS_EXCHANGE, '#');
    await channel.consume(queue, (message) => {
      if (message) carried.push({ key: message.fields.routingKey, event: parseEvent(JSON.parse(message.content.toString())) });
    }, { noAck: true });
  });
  steady.start();
  await until(() => steady.up && redis.status === 'ready');
});
afterAll(async () => {
  redis.disconnect();
  await Promise.all([steady.close(), database.close()]);
  await Promise.all([testBus.drop(), own.drop()]);
});
beforeEach(async () => {
  pbx = `test-${randomUUID().slice(0, 8)}`;
  carried = [];
  fake = new FakePbx();
  await fake.peer.listen();
});
afterEach(async () => {
  for (const replica of replicas.splice(0)) await replica.end();
  await fake.peer.close();
  await redis.del(queuesLiveKey(pbx));
});

interface Replica {
  monitor: PbxMonitor;
  events: EventPublisher;
  dropped: EventType[];
  /** takes its broker away */
  cutOff(): Promise<void>;
  /** gives it back */
  reach(): Promise<void>;
  end(): Promise<void>;
}

/** A replica that has looked at the PBX. */
async function start(maxBuffered = 100): Promise<Replica> {
  const broker = new TcpProxy(testBus.url);
  const bus = new BusConnection({ url: await broker.open(testBus.url), name: 'monitoring test', log });
  const dropped: EventType[] = [];
  const events = new EventPublisher({ publisher: new Publisher(bus), maxBuffered, rankOf: rankOfDeskEvent, onDropped: (type) => dropped.push(type) });
  const monitor = new PbxMonitor({
    pbx, amiUrl: fake.peer.url, pbxTimeZone: 'UTC', queueWrapUpSec: 0, redis, lockClients: [redis], leaseTtlMs: 600, database, events, log,
    state: { up: () => undefined, down: () => undefined },
  });
  const replica = {
    monitor, events, dropped,
    async cutOff() {
      await broker.close();
      await until(() => !bus.up);
    },
    reach: async () => void (await broker.open(testBus.url)),
    async end() {
      await monitor.rest();
      await monitor.leave();
      await monitor.close();
      await bus.close();
      await broker.close();
    },
  };
  replicas.push(replica);
  bus.start();
  monitor.start();
  await until(() => bus.up && monitor.queues().length > 0 && monitor.extensions().total > 0);
  return replica;
}

async function writer(maxBuffered?: number): Promise<Replica> {
  const replica = await start(maxBuffered);
  await until(() => replica.monitor.writes);
  return replica;
}

const types = (): string[] => carried.map(({ event }) => event.type);
const live = async (): Promise<QueueLive | null> => JSON.parse((await redis.hget(queuesLiveKey(pbx), 'sales')) ?? 'null') as QueueLive | null;

test('a call in a queue is told on the exchange: whom, what, when, under its routing key', async () => {
  await writer();
  fake.tell('QueueCallerJoin', { Uniqueid: CALLER, Count: '1' }, 1_795_218_171.25);
  fake.tell('QueueMemberStatus', { Status: '6' }, 1_795_218_171.3);
  fake.tell('QueueCallerLeave', { Uniqueid: CALLER }, 1_795_218_173.5);
  fake.tell('AgentConnect', { Uniqueid: CALLER, HoldTime: '2' }, 1_795_218_173.5);
  fake.tell('QueueMemberStatus', { Status: '2' }, 1_795_218_173.6);
  fake.tell('AgentComplete', { Uniqueid: CALLER, TalkTime: '60' }, 1_795_218_233.6);
  fake.tell('QueueMemberStatus', { Status: '1' }, 1_795_218_233.7);
  fake.tell('ExtensionStatus', { Exten: '1001', Hint: AGENT, Status: '8' }, 1_795_218_234);
  await until(() => carried.length === 7);
  expect(carried.map(({ key, event }) => [key, event.data])).toEqual([
    ['queue.joined.sales', { queue: 'sales', callId: ATTEMPT, waiting: 1 }],
    ['agent.status.PJSIP_1001', { ...whom, status: 'ringing', before: 'idle' }],
    ['queue.connected.sales', { queue: 'sales', callId: ATTEMPT, agent: AGENT, waitMs: 2_250 }],
    ['agent.status.PJSIP_1001', { ...whom, status: 'busy', before: 'ringing' }],
    ['queue.completed.sales', { queue: 'sales', callId: ATTEMPT, agent: AGENT, talkMs: 60_100 }],
    ['agent.status.PJSIP_1001', { ...whom, status: 'idle', before: 'busy' }],
    ['extension.status.1001', { extension: '1001', status: 'ringing', before: 'idle', at: '2026-11-20T23:43:54.000Z' }],
  ]);
  expect(carried[0]?.event).toMatchObject({ pbx, attemptid: ATTEMPT, subject: ATTEMPT, source: `discador:pbx:${pbx}`, time: '2026-11-20T23:42:51.250Z' });
});

test('the replica that writes publishes; what it could not publish before it died its standby does, under the ids that it would have had', async () => {
  const first = await writer();
  const second = await start();
  fake.tell('QueueCallerJoin', { Uniqueid: CALLER });
  await until(() => carried.length === 1 && second.events.buffered === 1);
  await first.cutOff();
  fake.tell('QueueCallerAbandon', { Uniqueid: CALLER, HoldTime: '0' });
  await until(() => first.events.buffered === 1 && second.events.buffered === 2);
  expect(types()).toEqual(['queue.joined']);
  replicas.splice(replicas.indexOf(first), 1);
  await first.end();
  await until(() => carried.length === 3);
  expect(types()).toEqual(['queue.joined', 'queue.joined', 'queue.abandoned']);
  expect(carried[1]?.event).toEqual(carried[0]?.event);
  fake.tell('QueueMemberStatus', { Status: '2' });
  await until(() => carried.length === 4);
  expect(types()[3]).toBe('agent.status');
});

test('after a gap the first look tells what it shows to be different, marked as inferred; what is as it was is not told', async () => {
  await writer();
  fake.tell('QueueCallerJoin', { Uniqueid: CALLER });
  fake.tell('QueueCallerJoin', { Uniqueid: 'stays', Linkedid: 'stays' });
  await until(() => carried.length === 2);
  fake.agent = { Paused: '1', PausedReason: 'lunch' };
  fake.waiting = ['stays'];
  fake.peer.dropAll();
  await until(() => carried.length === 5);
  expect(carried.slice(2).map(({ event }) => [event.type, event.data, (event as DeskEvent).inferred])).toEqual([
    ['agent.paused', { ...whom, reason: 'lunch' }, true],
    ['agent.status', { ...whom, status: 'paused', before: 'idle' }, true],
    ['queue.abandoned', { queue: 'sales', callId: ATTEMPT, waitMs: expect.any(Number) }, true],
  ]);
});

test('RabbitMQ away: the live state goes on, the events wait within their bound, callers longest, and come in order', async () => {
  const { cutOff, reach, events, dropped, monitor } = await writer(4);
  await cutOff();
  fake.tell('QueueMemberStatus', { Status: '2' });
  fake.tell('QueueCallerJoin', { Uniqueid: CALLER });
  fake.tell('QueueMemberPause', { Status: '2', Paused: '1', PausedReason: '' });
  fake.tell('QueueMemberStatus', { Status: '1', Paused: '1' });
  fake.tell('QueueMemberStatus', { Status: '2', Paused: '1' });
  fake.tell('QueueCallerAbandon', { Uniqueid: CALLER });
  fake.tell('QueueCallerJoin', { Uniqueid: 'last', Linkedid: 'last' });
  await until(async () => dropped.length === 3 && (await live())?.waiting === 1 && (await live())?.agents.busy === 1);
  expect([dropped, events.buffered, monitor.writes]).toEqual([['agent.status', 'agent.status', 'agent.status'], 4, true]);
  await reach();
  await until(() => events.buffered === 0 && carried.length >= 4);
  expect(types()).toEqual(['queue.joined', 'agent.paused', 'queue.abandoned', 'queue.joined']);
  expect(carried.every(({ key, event }) => key === routingKeyOf(event))).toBe(true);
});
