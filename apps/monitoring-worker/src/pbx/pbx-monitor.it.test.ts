import { randomUUID } from 'node:crypto';
import { amiText, type FakeAmiPeer } from '@discador/asterisk/testing/fake-ami-peer';
import { EventPublisher } from '@discador/bus/event-publisher';
import { queueLiveSchema, queuesLiveKey, type QueueLive } from '@discador/contracts/live';
import { Database } from '@discador/postgres/database';
import { createTestDatabase, type TestDatabase } from '@discador/postgres/testing/test-database';
import { connectRedis } from '@discador/redis/connect';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { AGENT, FakePbx } from '../testing/fake-pbx.ts';
import { PbxMonitor } from './pbx-monitor.ts';

const log = pino({ level: 'silent' });
const CALLER = `${randomUUID()};1`;

let own: TestDatabase;
let database: Database;
let redis: Redis;
let peer: FakeAmiPeer;
let pbx: string;
let fake: FakePbx;
const monitors: PbxMonitor[] = [];

beforeAll(async () => {
  own = await createTestDatabase();
  database = new Database({ url: own.url, name: 'test', log });
  redis = connectRedis({ url: process.env['REDIS_URL'] ?? '', name: 'test', log });
  await redis.ping().catch(() => new Promise((resolve) => redis.once('ready', resolve)));
});
afterAll(async () => {
  redis.disconnect();
  await database.close();
  await own.drop();
});
beforeEach(async () => {
  pbx = `test-${randomUUID().slice(0, 8)}`;
  fake = new FakePbx();
  peer = await fake.peer.listen();
});
/** As the app ends it. */
async function end(monitor: PbxMonitor): Promise<void> {
  await monitor.rest();
  await monitor.leave();
  await monitor.close();
}

afterEach(async () => {
  for (const monitor of monitors.splice(0)) await end(monitor);
  await peer.close();
  await redis.del(queuesLiveKey(pbx));
});

function start(amiUrl = peer.url): PbxMonitor {
  const events = new EventPublisher({ publisher: { up: false, publish: () => Promise.reject(new Error('no broker')) }, maxBuffered: 100 });
  const monitor = new PbxMonitor({
    pbx, amiUrl, pbxTimeZone: 'UTC', queueWrapUpSec: 0, redis, lockClients: [redis], leaseTtlMs: 600, database, events, log,
    state: { up: () => undefined, down: () => undefined },
  });
  monitors.push(monitor);
  monitor.start();
  return monitor;
}

const live = async (): Promise<QueueLive[]> => Object.values(await redis.hgetall(queuesLiveKey(pbx))).map((text) => queueLiveSchema.parse(JSON.parse(text)));

/** Looks again until `look` gives something true. */
async function until<T>(look: () => Promise<T> | T): Promise<NonNullable<T>> {
  for (;;) {
    const seen = await look();
    if (seen) return seen as NonNullable<T>;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const sales = (matches: (queue: QueueLive) => boolean) => until(async () => (await live()).find((queue) => queue.queue === 'sales' && matches(queue)));

test('a call shows in Redis as it goes: idle, busy and waiting, connected, idle', async () => {
  start();
  await sales((queue) => queue.agents.idle === 1 && queue.agents.loggedIn === 1);
  const event = (name: string, more = {}) => peer.write(amiText({ Event: name, Queue: 'sales', Uniqueid: CALLER, Interface: AGENT, ...more }));
  event('QueueCallerJoin');
  event('QueueMemberStatus', { Status: '6' });
  await sales((queue) => queue.waiting === 1 && queue.agents.busy === 1 && queue.agents.idle === 0);
  event('QueueCallerLeave');
  event('AgentConnect');
  await sales((queue) => queue.waiting === 0 && queue.connected === 1);
  event('AgentComplete');
  event('QueueMemberStatus', { Status: '1' });
  const ended = await sales((queue) => queue.connected === 0 && queue.agents.idle === 1);
  expect(Math.abs(Date.now() - ended.at)).toBeLessThan(3_000);
});

test('the time of confirmation is renewed while nothing happens, and stops when the PBX falls silent', async () => {
  start();
  const { at } = await sales(() => true);
  await sales((queue) => queue.at > at);
  peer.silent = true;
  const last = await until(async () => {
    const [queue] = await live();
    return queue && Date.now() - queue.at > 3_500 ? queue.at : null;
  });
  expect((await live())[0]?.at).toBe(last);
  peer.silent = false;
  await sales((queue) => queue.at > last);
}, 30_000);

test('one of two replicas writes; the other takes over with the calls in hand', async () => {
  const first = start();
  await until(() => first.writes);
  const second = start();
  await until(() => second.queues().length > 0);
  expect(second.writes).toBe(false);
  peer.write(amiText({ Event: 'AgentConnect', Queue: 'sales', Uniqueid: CALLER, Interface: AGENT }));
  await sales((queue) => queue.connected === 1);
  monitors.splice(monitors.indexOf(first), 1);
  await end(first);
  const leftAt = Date.now();
  await until(() => second.writes);
  expect(await sales((queue) => queue.at >= leftAt)).toMatchObject({ connected: 1 });
});

test('a queue that is gone from the PBX is gone from Redis after the next connection', async () => {
  fake.queues = ['sales', 'old'];
  start();
  await until(async () => (await live()).length === 2);
  fake.queues = ['sales'];
  peer.dropAll();
  await until(async () => (await live()).length === 1);
});

test('the PBX and its extensions are stored, and changes follow', async () => {
  start();
  const extension = () => own.pool.query(`SELECT registered, line1_busy, line2_busy, last_activity_at IS NOT NULL AS active FROM extensions WHERE pbx = $1 AND number = '1001'`, [pbx]).then(({ rows }) => rows[0]);
  expect(await until(extension)).toEqual({ registered: true, line1_busy: false, line2_busy: false, active: false });
  const { rows } = await own.pool.query('SELECT booted_at, last_seen_at IS NOT NULL AS seen FROM pbx_nodes WHERE name = $1', [pbx]);
  expect(rows).toEqual([{ booted_at: new Date('2026-11-21T01:35:59Z'), seen: true }]);
  peer.write(amiText({ Event: 'ExtensionStatus', Exten: '1001', Hint: AGENT, Status: '1' }));
  expect(await until(async () => ((await extension())?.active ? extension() : null))).toEqual({ registered: true, line1_busy: true, line2_busy: false, active: true });
});

test('starts without its PBX and catches up when it comes', async () => {
  const { port } = peer;
  await peer.close();
  const monitor = start(`tcp://user:s%40cret@127.0.0.1:${port}`);
  await until(() => monitor.writes);
  expect(await live()).toEqual([]);
  await peer.listen(port);
  await sales((queue) => queue.agents.idle === 1);
});
