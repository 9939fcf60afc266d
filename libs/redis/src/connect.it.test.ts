import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { required } from '@discador/runtime/testing/required';
import { until } from '@discador/runtime/testing/until';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { connectRedis } from './connect.ts';

let proxy: TcpProxy;
let redis: Redis;
let states: string[];

beforeEach(async () => {
  const seen: string[] = [];
  states = seen; // the former test's client may still say that it goes
  proxy = new TcpProxy(required('REDIS_URL'));
  const state = { up: () => void seen.push('up'), down: (reason: string) => void seen.push(reason) };
  redis = connectRedis({ url: await proxy.open(required('REDIS_URL')), name: 'connect test', log: pino({ level: 'silent' }), state });
  await until(() => states.includes('up'));
});
afterEach(async () => {
  redis.disconnect();
  await proxy.close();
});

test('a half-open connection is found within three seconds while commands wait, they fail, and a new one serves', async () => {
  proxy.freeze(); // nobody closes, nobody answers; new connections pass
  const frozenAt = performance.now();
  await expect(redis.get('waits')).rejects.toThrow();
  expect(redis.status).not.toBe('ready'); // whoever asks why it failed learns that Redis is away
  await until(() => states.at(-1) === 'up');
  expect(performance.now() - frozenAt).toBeLessThan(3000);
  expect(await redis.ping()).toBe('PONG');
  expect(states.slice(0, 2)).toEqual(['up', 'silent']);
});

test('is back within a second and a half of a server that was away for long', async () => {
  await proxy.close();
  await new Promise((resolve) => setTimeout(resolve, 5000)); // enough tries for the delay to have reached its bound
  await proxy.open(required('REDIS_URL'));
  const backAt = performance.now();
  await until(() => states.at(-1) === 'up');
  expect(performance.now() - backAt).toBeLessThan(1500);
}, 15_000);

test('a connection that answers is left alone', async () => {
  await until(() => states.length > 1, 2500).catch(() => undefined);
  expect(states).toEqual(['up']);
});

test('a server that may throw permits and locks away when its memory is full is not accepted', async () => {
  const admin = new Redis(required('REDIS_URL'));
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
  try {
    proxy.cut();
    await until(() => states.includes('maxmemory-policy is allkeys-lru, must be noeviction'));
    expect(states.slice(1)).not.toContain('up');
  } finally {
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    admin.disconnect();
  }
});
