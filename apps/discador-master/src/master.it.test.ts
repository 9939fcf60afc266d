import { BusConnection } from '@discador/bus/bus-connection';
import { createTestBus, type TestBus } from '@discador/bus/testing/test-bus';
import { queuesLiveKey, type QueueLive } from '@discador/contracts/live';
import { parseEvent, type DiscadorEvent } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { SLICES_QUEUE, sliceSchema, type Slice } from '@discador/contracts/slice';
import { NOTE_CAMPAIGN_EVENT } from '@discador/postgres/sql/campaign-outbox';
import { seedCampaign } from '@discador/postgres/testing/seed';
import { createTestDatabase, type TestDatabase } from '@discador/postgres/testing/test-database';
import { testRedis } from '@discador/redis/testing/test-redis';
import { Dependencies } from '@discador/runtime/dependencies';
import type { ServiceContext } from '@discador/runtime/service-context';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { required } from '@discador/runtime/testing/required';
import { until } from '@discador/runtime/testing/until';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ChannelModel } from 'amqplib';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuid } from 'uuid';
import { createModule } from './app.module.ts';
import { MASTER_LOCK } from './election.ts';
import type { MasterSettings } from './settings.ts';

const REDIS_DB = 14;
const log = pino({ level: 'silent' });
let testBus: TestBus;
let bus: BusConnection;
let model: ChannelModel;
let amqp: TcpProxy;
let amqpUrl: string;
let own: TestDatabase;
let redis: Redis;
let beat: NodeJS.Timeout | undefined;
const masters: INestApplicationContext[] = [];

beforeAll(async () => {
  testBus = await createTestBus();
  bus = new BusConnection({ url: testBus.url, name: 'test', log });
  bus.onConnect(async (opened) => void (model = opened));
  bus.start();
  await until(() => bus.up);
});
afterAll(async () => {
  await bus.close();
  await testBus.drop();
});

beforeEach(async () => {
  own = await createTestDatabase();
  await own.pool.query('UPDATE trunks SET calls_per_second = 1000');
  redis = await testRedis(REDIS_DB);
  await redis.set('discador:permit:ready', '1');
  amqp = new TcpProxy(testBus.url);
  amqpUrl = await amqp.open(testBus.url);
  const channel = await model.createChannel();
  await channel.purgeQueue(SLICES_QUEUE);
  await channel.close();
});
afterEach(async () => {
  clearInterval(beat);
  for (const master of masters.splice(0)) await master.close();
  await amqp.close();
  redis.disconnect();
  await own.drop();
});

interface Master {
  app: INestApplicationContext;
  context: ServiceContext<MasterSettings>;
  leads(): boolean;
  note(): string;
}

async function start(replica = '1', change: Partial<MasterSettings> = {}): Promise<Master> {
  const config: MasterSettings = {
    httpHost: '127.0.0.1', httpPort: 0, replica, logLevel: 'fatal', shutdownGraceSec: 5, databaseUrl: own.url,
    redisUrl: `${required('REDIS_URL')}/${REDIS_DB}`, amqpUrl, pbxName: ['pbx1'], tickMs: 50, sliceLifeMs: 1000, lockTtlMs: 600, ...change,
  } as MasterSettings;
  const context: ServiceContext<MasterSettings> = {
    app: 'discador-master', replica, config, log, metrics: new Registry(), dependencies: new Dependencies(),
    report: { current: () => ({ details: {} }) },
  };
  const app = await NestFactory.createApplicationContext(createModule(context), { logger: false });
  masters.unshift(app);
  return { app, context, leads: () => context.report.current().leader === true, note: () => context.report.current().note ?? '' };
}

/** Tells the agents of queue `demo`, as the MonitoringWorker does, `ageMs` old each time. */
async function agents(idle: number, ageMs = 0): Promise<void> {
  const tell = async (): Promise<void> => {
    const live: QueueLive = { pbx: 'pbx1', queue: 'demo', at: Date.now() - ageMs, agents: { loggedIn: idle, idle, busy: 0, paused: 0, wrapUp: 0 }, waiting: 0, connected: 0 };
    await redis.hset(queuesLiveKey('pbx1'), 'demo', JSON.stringify(live));
  };
  clearInterval(beat);
  await tell();
  beat = setInterval(() => void tell().catch(() => undefined), 200);
}

const slices = async () => (await own.pool.query<{ quota: number; used: number; term: number; campaign_id: string; void: boolean }>('SELECT quota, used, term::int, campaign_id, closed_at IS NOT NULL AS void FROM slices ORDER BY slice_id')).rows;
const ordered = async (): Promise<number> => (await slices()).reduce((sum, slice) => sum + slice.quota, 0);

/** Takes everything out of the slice queue. */
async function published(): Promise<Slice[]> {
  const channel = await model.createChannel();
  const got: Slice[] = [];
  for (let message = await channel.get(SLICES_QUEUE, { noAck: true }); message; message = await channel.get(SLICES_QUEUE, { noAck: true })) {
    got.push(sliceSchema.parse(JSON.parse(message.content.toString())));
  }
  await channel.close();
  return got;
}

/** Listens to events. @param binding  routing key with wildcards */
async function listen(binding: string): Promise<DiscadorEvent[]> {
  const heard: DiscadorEvent[] = [];
  const channel = await model.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, EVENTS_EXCHANGE, binding);
  await channel.consume(queue, (message) => message && heard.push(parseEvent(JSON.parse(message.content.toString()))), { noAck: true });
  return heard;
}

/** Waits for so many rounds of planning of this master. */
async function rounds(master: Master, count = 3): Promise<void> {
  const made = async (): Promise<number> => {
    const metric = await master.context.metrics.getSingleMetric('discador_master_ticks_total')?.get();
    return metric?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
  };
  const before = await made();
  await until(async () => (await made()) >= before + count);
}

test('orders as many calls as agents are idle, once, in slices that PostgreSQL and the queue know alike', async () => {
  const { campaignId } = await seedCampaign(own.pool, { contacts: 50 });
  await agents(7);
  const master = await start();
  await until(async () => (await ordered()) > 0);
  await rounds(master);
  expect(await ordered()).toBe(7); // not again while these are on order
  const messages = await published();
  expect(messages.reduce((sum, slice) => sum + slice.quota, 0)).toBe(7);
  expect(messages.every((slice) => slice.campaignId === campaignId && slice.term === 1)).toBe(true);
  expect(master.note()).toMatch(/^leads, term 1; 1 active campaigns/);
  await until(async () => (await ordered()) > 7); // unused they expire, and are ordered anew
});

test('each slice that the queue has taken is told on the exchange', async () => {
  const { campaignId } = await seedCampaign(own.pool, { contacts: 50 });
  const heard = await listen('slice.issued.#');
  await agents(7);
  await start();
  await until(() => heard.length > 0);
  const [slice] = await published();
  expect(heard[0]).toMatchObject({ campaignid: campaignId, subject: slice?.sliceId, data: { sliceId: slice?.sliceId, campaignId, term: 1, quota: slice?.quota } });
});

const outbox = async (): Promise<number> => (await own.pool.query('SELECT 1 FROM campaign_outbox')).rows.length;
const note = (type: string, campaignId: string) => own.pool.query(NOTE_CAMPAIGN_EVENT, [type, campaignId]);

test('what happened to campaigns comes to the exchange in order, and leaves the outbox; a campaign that finishes is told too', async () => {
  const { campaignId } = await seedCampaign(own.pool, { contacts: 1 });
  const heard = await listen('campaign.#');
  for (const type of ['campaign.created', 'campaign.started', 'campaign.paused', 'campaign.started']) await note(type, campaignId);
  await start();
  await until(() => heard.length === 4);
  await own.pool.query(`UPDATE contacts SET status = 'completed'`);
  await until(async () => heard.length === 5 && (await outbox()) === 0);
  expect(heard.map(({ type }) => type)).toEqual(['campaign.created', 'campaign.started', 'campaign.paused', 'campaign.started', 'campaign.finished']);
  expect(heard.every((event) => 'campaignid' in event && event.campaignid === campaignId)).toBe(true);
  expect(new Set(heard.map(({ id }) => id)).size).toBe(5);
});

test('a master that dies after the confirm and before the outbox is cleared: the next one tells it again under the same id', async () => {
  const { campaignId } = await seedCampaign(own.pool, { contacts: 1 });
  const heard = await listen('campaign.#');
  // The delete waits for this lock, and is lost with the connection that asked for it.
  const holder = await own.pool.connect();
  await holder.query('BEGIN');
  await note('campaign.started', campaignId);
  await holder.query('SELECT 1 FROM campaign_outbox FOR UPDATE');
  const postgres = new TcpProxy(own.url);
  const first = await start('1', { databaseUrl: await postgres.open(own.url) });
  await until(() => heard.length === 1);
  await until(async () => (await own.pool.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`)).rows.length > 0);
  await postgres.close(); // first, or it would connect again
  await own.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`);
  await holder.query('COMMIT');
  holder.release();
  await start('2');
  masters.splice(masters.indexOf(first.app), 1);
  await first.app.close();
  await until(async () => heard.length === 2 && (await outbox()) === 0);
  expect(heard[1]).toEqual(heard[0]);
});

test('with RabbitMQ away what happened to campaigns stays in the outbox', async () => {
  const { campaignId } = await seedCampaign(own.pool, { contacts: 1 });
  const heard = await listen('campaign.#');
  const master = await start();
  await until(() => master.leads() && master.context.dependencies.ready);
  await amqp.close();
  await until(() => !master.context.dependencies.ready);
  await note('campaign.paused', campaignId);
  await rounds(master, 10);
  expect([await outbox(), heard]).toEqual([1, []]);
  await amqp.open(testBus.url);
  await until(async () => heard.length === 1 && (await outbox()) === 0);
});

test.each([
  ['agent data are stale', { ageMs: 6000 }, /agent data \d+ s old/],
  ['nobody told of agents', { untold: true }, /no agent data from the PBX yet/],
  ['no agent is idle', { idle: 0 }, /no agents logged in/],
  ['the campaign is paused', { status: 'paused' }, /0 active campaigns/],
  ['it is outside its hours', { windowFrom: '00:00', windowTo: '00:01', zone: true }, /1 outside calling hours/],
  ['nobody is due', { contacts: 0 }, /no more contacts due/],
  ['its mode is not planned yet', { mode: 'preview' }, /not planned yet/],
])('orders nothing when %s, and says so', async (_name, given: { ageMs?: number; untold?: boolean; idle?: number; status?: string; windowFrom?: string; windowTo?: string; zone?: boolean; contacts?: number; mode?: string }, note) => {
  const { campaignId } = await seedCampaign(own.pool, { contacts: 5, ...given });
  if (given.mode) await own.pool.query('UPDATE campaigns SET mode = $2 WHERE campaign_id = $1', [campaignId, given.mode]);
  // A zone in which that minute is not now.
  if (given.zone) await own.pool.query(`UPDATE campaigns SET time_zone = CASE WHEN extract(hour FROM now() AT TIME ZONE 'UTC') = 0 THEN 'Asia/Tokyo' ELSE 'UTC' END`);
  if (!given.untold) await agents(given.idle ?? 5, given.ageMs);
  const master = await start();
  await until(master.leads);
  await rounds(master);
  expect([await slices(), await published()]).toEqual([[], []]);
  expect(master.note()).toMatch(note);
});

test('orders no more than the campaign has channels', async () => {
  await seedCampaign(own.pool, { contacts: 50 });
  await own.pool.query('UPDATE campaigns SET max_channels = 3');
  await agents(7);
  const master = await start();
  await until(async () => (await ordered()) > 0);
  await rounds(master);
  expect(await ordered()).toBe(3);
});

test('slices that the queue refuses are void, and the calls ordered anew', async () => {
  await seedCampaign(own.pool, { contacts: 50 });
  await agents(0);
  const master = await start();
  await until(() => master.leads() && master.context.dependencies.ready); // from now on its connection does not declare the queue
  // Not a queue that was declared just now: it would take the dead-lettering of the whole broker with it, being itself still about to start (RabbitMQ 3.10).
  const channel = await model.createChannel();
  await channel.deleteQueue(SLICES_QUEUE);
  await channel.close();
  await agents(3);
  await until(async () => (await slices()).length >= 2);
  await until(() => master.note().includes('could not be handed'));
  await agents(0);
  await rounds(master);
  expect((await slices()).every((slice) => slice.void && slice.used === 0)).toBe(true);
  expect(master.note()).toMatch(/no agents logged in/);
  amqp.cut(); // the new connection declares the queue
  await until(() => master.context.dependencies.ready);
});

test('with RabbitMQ away nothing is written, and the note says why; back, it goes on', async () => {
  await seedCampaign(own.pool, { contacts: 50 });
  await agents(0);
  const master = await start();
  await until(() => master.leads() && master.context.dependencies.ready);
  await amqp.close();
  await until(() => !master.context.dependencies.ready);
  await agents(3);
  await rounds(master);
  expect(await slices()).toEqual([]);
  expect(master.note()).toMatch(/RabbitMQ is away/);
  await amqp.open(testBus.url);
  await until(async () => (await ordered()) >= 3);
});

test('after a flush of Redis nothing is ordered until the permits are rebuilt from the open attempts', async () => {
  const { campaignId, contactIds } = await seedCampaign(own.pool, { contacts: 50 });
  const attempts = [uuid(), uuid()];
  for (const [index, attempt] of attempts.entries()) {
    await own.pool.query(`INSERT INTO open_attempts (contact_id, attempt_id, phone, campaign_id, trunk, pbx, dial_by) VALUES ($1, $2, $3, $4, 'default', 'pbx1', now())`, [contactIds[index], attempt, `+1${index}`, campaignId]);
  }
  await agents(0);
  const master = await start();
  await until(master.leads);
  await redis.flushdb();
  const flushedAt = performance.now();
  await agents(5);
  await until(() => master.note().includes('permits are being rebuilt'));
  let before = -1;
  await until(async () => {
    before = (await slices()).length; // first, or the next round has ordered already
    return (await redis.exists('discador:permit:ready')) === 1;
  });
  expect(performance.now() - flushedAt).toBeGreaterThan(1000); // the rate of the last second is not known
  expect(await redis.zrange(`discador:permit:channels:campaign:${campaignId}`, 0, -1)).toEqual(attempts);
  await until(async () => (await ordered()) > 0);
  expect([before, await ordered()]).toEqual([0, 3]); // five idle agents, two calls on their way
});

test('the permits of attempts that are not open, their worker having died, are freed', async () => {
  const { campaignId, contactIds } = await seedCampaign(own.pool, { contacts: 5 });
  const [open, orphan] = [uuid(), uuid()];
  await own.pool.query(`INSERT INTO open_attempts (contact_id, attempt_id, phone, campaign_id, trunk, pbx, dial_by) VALUES ($1, $2, '+1', $3, 'default', 'pbx1', now())`, [contactIds[0], open, campaignId]);
  const keys = [`discador:permit:channels:campaign:${campaignId}`, 'discador:permit:channels:trunk:default'];
  for (const key of keys) await redis.zadd(key, Date.now() - 20_000, open, Date.now() - 20_000, orphan);
  await start();
  await until(async () => (await Promise.all(keys.map((key) => redis.zcard(key)))).every((count) => count === 1));
  expect(await Promise.all(keys.map((key) => redis.zrange(key, 0, -1)))).toEqual([[open], [open]]);
});

test('the lock held by an outsider: nobody leads, nothing is ordered, and the note names it', async () => {
  await seedCampaign(own.pool, { contacts: 5 });
  await agents(5);
  await redis.set(MASTER_LOCK, 'an outsider');
  const master = await start();
  await until(() => /is held without an end by someone who is not a running master/.test(master.note()));
  expect([master.leads(), await slices()]).toEqual([false, []]);
});

test('a deposed master orders nothing, even while it takes itself for the leader; elected again it goes on in a new term', async () => {
  await seedCampaign(own.pool, { contacts: 50 });
  await agents(4);
  const first = await start('1');
  await until(async () => (await ordered()) > 0);
  await redis.set(MASTER_LOCK, 'a new master'); // the first believes itself leader until it renews
  await own.pool.query(`UPDATE leadership SET term = 50`);
  const before = (await slices()).length;
  await until(() => !first.leads());
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await slices()).slice(before)).toEqual([]);
  await redis.del(MASTER_LOCK);
  await until(() => /term 51/.test(first.note()));
  await until(async () => (await slices()).some((slice) => slice.term === 51));
});

test('two masters: one leads; when it stops the other has ordered in a new term well before the lock would have lapsed', async () => {
  await seedCampaign(own.pool, { contacts: 50 });
  await agents(2);
  const asDelivered = { lockTtlMs: 2000, tickMs: 250 };
  const both = await Promise.all([start('1', asDelivered), start('2', asDelivered)]);
  await until(() => both.some((master) => master.leads()));
  await until(async () => (await ordered()) > 0);
  expect(both.filter((master) => master.leads())).toHaveLength(1);
  const leader = both.find((master) => master.leads());
  const standby = both.find((master) => master !== leader);
  if (!leader || !standby) throw new Error('no leader');
  masters.splice(masters.indexOf(leader.app), 1);
  const began = performance.now();
  const closed = leader.app.close();
  await until(async () => (await slices()).some((slice) => slice.term === 2));
  expect(performance.now() - began).toBeLessThan(1000);
  expect(standby.leads()).toBe(true);
  await closed;
});

test('told to stop while PostgreSQL is silent, the leader gives the lock back all the same', async () => {
  await seedCampaign(own.pool, { contacts: 50 });
  await agents(2);
  const postgres = new TcpProxy(own.url);
  const leader = await start('1', { lockTtlMs: 2000, databaseUrl: await postgres.open(own.url) });
  await until(async () => (await ordered()) > 0);
  const seen = await redis.get(MASTER_LOCK);
  postgres.freeze();
  masters.splice(masters.indexOf(leader.app), 1);
  const began = performance.now();
  const closed = leader.app.close();
  await until(async () => (await redis.get(MASTER_LOCK)) !== seen);
  expect(performance.now() - began).toBeLessThan(1900); // it renews as long as it lives
  await closed;
  expect(performance.now() - began).toBeLessThan(8000);
  await postgres.close();
});
