import { once, EventEmitter } from 'node:events';
import { required } from '@discador/runtime/testing/required';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { until } from '@discador/runtime/testing/until';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Lease } from './lease.ts';
import { shortLocks } from './short-lock.ts';
import { testRedis } from './testing/test-redis.ts';

const KEY = 'discador:lock:test';
const TTL = 600;
const URL_OF_SERVER = required('REDIS_URL');
let redis: Redis;
const leases: Lease[] = [];

beforeEach(async () => {
  redis = await testRedis(11);
});
afterEach(async () => {
  await Promise.all(leases.splice(0).map((lease) => lease.stop()));
  redis.disconnect();
});

function lease(name: string, events: EventEmitter, { fail = false, ttlMs = TTL, clients = [redis] }: { fail?: boolean; ttlMs?: number; clients?: Redis[] } = {}): Lease {
  const made = new Lease({
    clients,
    key: KEY,
    ttlMs,
    log: pino({ level: 'silent' }),
    onAcquired: () => {
      events.emit('acquired', name);
      if (fail) throw new Error('the database is away');
    },
    onLost: (reason) => events.emit('lost', name, reason),
  });
  leases.push(made);
  made.start();
  return made;
}

test('one holder at a time; a stopped holder is followed at once', async () => {
  const events = new EventEmitter();
  const first = once(events, 'acquired');
  const a = lease('a', events);
  await first;
  const b = lease('b', events);
  await once(events, 'never', { signal: AbortSignal.timeout(TTL * 2) }).catch(() => undefined);
  expect([a.held, b.held]).toEqual([true, false]);
  const next = once(events, 'acquired');
  await a.stop();
  expect(await next).toEqual(['b']);
});

test('who waits asks so often that a holder that stops is followed within an eighth of the lock’s life', async () => {
  const ttlMs = 4000;
  const events = new EventEmitter();
  const first = once(events, 'acquired');
  const a = lease('a', events, { ttlMs });
  await first;
  const { calls } = await evals();
  lease('b', events, { ttlMs });
  while ((await evals()).calls === calls) await new Promise(setImmediate); // b has just been refused, and waits
  const next = once(events, 'acquired');
  const stoppedAt = performance.now();
  await a.stop();
  await next;
  expect(performance.now() - stoppedAt).toBeLessThan(ttlMs / 5);
});

/** How many scripts Redis has run; every step of a lock is one. */
async function evals(): Promise<{ calls: number }> {
  const stats = await redis.info('commandstats');
  return { calls: Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0) + Number(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1] ?? 0) };
}

test('the lock taken away by someone else is noticed, and trust ends', async () => {
  const events = new EventEmitter();
  const acquired = once(events, 'acquired');
  const a = lease('a', events);
  await acquired;
  const lost = once(events, 'lost');
  await redis.set(KEY, 'an outsider');
  await lost;
  expect(a.held).toBe(false);
  expect(await redis.get(KEY)).toBe('an outsider');
});

test('a holder whose lock went to another gives nothing back when it stops', async () => {
  const events = new EventEmitter();
  const acquired = once(events, 'acquired');
  const a = lease('a', events);
  await acquired;
  await redis.set(KEY, 'another holder');
  await a.stop();
  expect(await redis.get(KEY)).toBe('another holder');
});

test('trust ends before the lock does, even if no answer to its renewal comes', async () => {
  const proxy = new TcpProxy(URL_OF_SERVER);
  const own = new Redis(await proxy.open(URL_OF_SERVER), { db: 11, maxRetriesPerRequest: 0 });
  const events = new EventEmitter();
  const acquired = once(events, 'acquired');
  const a = lease('a', events, { clients: [own] });
  await acquired;
  proxy.freeze();
  const frozenAt = performance.now();
  await until(() => !a.held);
  expect(performance.now() - frozenAt).toBeLessThan(TTL);
  own.disconnect();
  await proxy.close();
});

test('a lease that cannot be used is given back', async () => {
  const events = new EventEmitter();
  const lost = once(events, 'lost');
  const a = lease('a', events, { fail: true });
  await lost;
  await a.stop();
  expect(await redis.exists(KEY)).toBe(0);
});

test('a short lock that ran out and went to another is not given back', async () => {
  const unlock = await shortLocks([redis])(KEY, 5000);
  await redis.set(KEY, 'another holder');
  await unlock?.();
  expect(await redis.get(KEY)).toBe('another holder');
});

test('a short lock is taken or refused at once, and throws while Redis is away', async () => {
  const take = shortLocks([redis]);
  const unlock = await take(KEY, 5000);
  expect(unlock).not.toBeNull();
  expect(await take(KEY, 5000)).toBeNull();
  await unlock?.();
  expect(await take(KEY, 5000)).not.toBeNull();
  redis.disconnect();
  await once(redis, 'end');
  await expect(take(KEY, 5000)).rejects.toThrow();
  redis = await testRedis(11);
});
