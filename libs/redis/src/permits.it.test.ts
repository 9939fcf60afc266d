import type { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';
import { Permits, type PermitRequest } from './permits.ts';
import { testRedis } from './testing/test-redis.ts';

let redis: Redis;
let permits: Permits;

beforeEach(async () => {
  redis = await testRedis(12);
  permits = new Permits(redis);
  await permits.rebuild([]);
});
afterEach(() => redis.disconnect());

const ids = (count: number, at?: number) => Array.from({ length: count }, () => uuid(at === undefined ? {} : { msecs: at }));
const request = (attemptIds: string[], over: Partial<PermitRequest> = {}): PermitRequest => ({
  campaignId: 'c1', campaignChannels: 10, trunk: 't1', trunkChannels: 100, trunkRate: 500, attemptIds, ...over,
});

test('grants the first ids up to the tightest limit', async () => {
  expect(await permits.acquire(request(ids(8)))).toBe(8);
  expect(await permits.acquire(request(ids(8)))).toBe(2);
  expect(await permits.acquire(request(ids(1)))).toBe(0);
  expect(await permits.acquire(request(ids(30), { campaignId: 'c2', campaignChannels: 50, trunkChannels: 25 }))).toBe(15);
});

test('calls per second hold in any sliding second, over all workers at once', async () => {
  const limits = { campaignChannels: 1000, trunkChannels: 1000, trunkRate: 20 };
  const granted: number[] = [];
  const until = Date.now() + 2500;
  const worker = async (): Promise<void> => {
    while (Date.now() < until) {
      const got = (await permits.acquire(request(ids(3), limits))) ?? 0;
      for (let call = 0; call < got; call++) granted.push(performance.now());
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  granted.sort((a, b) => a - b);
  const most = Math.max(...granted.map((from, index) => granted.slice(index).filter((at) => at < from + 1000).length));
  expect(most).toBeLessThanOrEqual(20);
  expect(granted.length).toBeGreaterThanOrEqual(40);
});

test('a second of calls does not leave in one burst', async () => {
  const limits = { campaignChannels: 100, trunkRate: 40 };
  expect(await permits.acquire(request(ids(20), limits))).toBe(12);
  expect(await permits.acquire(request(ids(20), limits))).toBe(0);
});

test('a few calls are not granted alone while more are wanted: each grant costs a claim', async () => {
  const limits = { campaignChannels: 100, trunkRate: 40 };
  expect(await permits.acquire(request(ids(10), limits))).toBe(10);
  expect(await permits.acquire(request(ids(10), limits))).toBe(0); // two would be free, four are the least
  expect(await permits.acquire(request(ids(2), limits))).toBe(2);
});

test('what is given back or released is free again', async () => {
  const mine = ids(10);
  await permits.acquire(request(mine));
  await permits.giveBack('c1', 't1', mine.slice(0, 4));
  expect(await permits.acquire(request(ids(10), { trunkRate: 10 }))).toBe(0); // six calls in this fifth of a second, where two may be
  expect(await permits.acquire(request(ids(10)))).toBe(4);
  await permits.release(mine.slice(4).map((attemptId) => ({ attemptId, campaignId: 'c1', trunk: 't1' })));
  expect(await permits.acquire(request(ids(10)))).toBe(6);
});

test('after a flush nothing is granted until the open attempts are back', async () => {
  await redis.flushdb();
  expect(await permits.ready()).toBe(false);
  expect(await permits.acquire(request(ids(1)))).toBeNull();
  await permits.rebuild(ids(7).map((attemptId) => ({ attemptId, campaignId: 'c1', trunk: 't1' })));
  expect(await permits.acquire(request(ids(10)))).toBe(3);
});

test('the sweep frees old permits that have no open attempt, and no others', async () => {
  const young = ids(2);
  await permits.acquire(request(young));
  const old = ids(3);
  await redis.zadd('discador:permit:channels:campaign:c1', ...old.flatMap((id) => [Date.now() - 20_000, id]));
  const freed = await permits.sweep(['c1'], ['t1'], async () => new Set([old[0] ?? '']));
  expect(freed).toBe(2);
  expect(await redis.zcard('discador:permit:channels:campaign:c1')).toBe(3);
});
