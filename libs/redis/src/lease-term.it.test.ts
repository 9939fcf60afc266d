import { once } from 'node:events';
import { until } from '@discador/runtime/testing/until';
import type { Redis } from 'ioredis';
import { LeaseTerm } from './lease-term.ts';
import { testRedis } from './testing/test-redis.ts';

const LOCK = 'discador:lock:pbx:x';
/** Three logical databases for three independent servers. */
let servers: Redis[];

beforeEach(async () => {
  servers = await Promise.all([12, 13, 14].map(testRedis));
});
afterEach(() => servers.forEach((server) => server.disconnect()));

async function serverThatIsAway(): Promise<Redis> {
  const gone = await testRedis(15);
  gone.disconnect();
  await once(gone, 'end');
  return gone;
}

test('grows from one acquisition to the next, whoever makes it', async () => {
  const [a, b] = [new LeaseTerm(servers, LOCK), new LeaseTerm(servers, LOCK)];
  const terms = [await a.next(), await b.next(), await b.next(), await a.next()];
  expect(terms).toEqual([...new Set(terms)].sort((x, y) => x - y));
});

test('grows while another majority of the servers answers each time', async () => {
  const gone = await serverThatIsAway();
  await servers[1]?.set(`${LOCK}:term`, 8_000_000_000_000_000);
  const first = await new LeaseTerm([gone, ...servers.slice(1)], LOCK).next();
  expect(first).toBe(8_000_000_000_000_001);
  expect(await new LeaseTerm([servers[0]!, gone, servers[2]!], LOCK).next()).toBe(first + 1);
});

test('grows over a flush: for one who has seen more by that, for a new one by the servers’ clock', async () => {
  const before = await new LeaseTerm(servers, LOCK).next();
  const old = new LeaseTerm(servers, LOCK);
  await servers[0]?.set(`${LOCK}:term`, 8_000_000_000_000_000);
  const seen = await old.next();
  await Promise.all(servers.map((server) => server.flushdb()));
  await until(() => Date.now() > before); // no two acquisitions of a lease are within a millisecond of each other
  expect(await new LeaseTerm(servers, LOCK).next()).toBeGreaterThan(before);
  expect(await old.next()).toBeGreaterThan(seen);
});

test('no two have the same term, though both asked before either took it', async () => {
  await servers[0]?.set(`${LOCK}:term`, 8_000_000_000_000_000); // ahead of the clock, which would tell them apart by itself
  const taken = await Promise.allSettled(Array.from({ length: 6 }, () => new LeaseTerm(servers.slice(0, 1), LOCK).next()));
  const terms = taken.filter((one) => one.status === 'fulfilled').map(({ value }) => value);
  expect(terms).toEqual([...new Set(terms)]);
  expect(taken.filter((one) => one.status === 'rejected').map(({ reason }) => (reason as { code: string }).code)).toEqual(Array.from({ length: 6 - terms.length }, () => 'lease_lost'));
});

test('is refused without a majority', async () => {
  const gone = await serverThatIsAway();
  await expect(new LeaseTerm([gone, gone, servers[0]!], LOCK).next()).rejects.toMatchObject({ code: 'redis_down' });
});
