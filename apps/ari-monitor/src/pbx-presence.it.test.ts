import { randomUUID } from 'node:crypto';
import { FakeAriServer } from '@discador/asterisk/testing/fake-ari-server';
import type { PbxEvent } from '@discador/contracts/events/pbx-events';
import { pbxToldKey } from '@discador/contracts/live';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { until } from '@discador/runtime/testing/until';
import type { INestApplicationContext } from '@nestjs/common';
import { Redis } from 'ioredis';
import { recording } from './testing/recording.ts';
import { required, startReplica, watchPbx, type Replica } from './testing/replica.ts';

const running: INestApplicationContext[] = [];
let ari: FakeAriServer;
let redis: Redis;
let pbx: string;
let told: PbxEvent[];
let terms: number[];
let stopWatching: () => Promise<void>;

async function start(replica: string, ariUrl = ari.url): Promise<Replica> {
  const started = await startReplica({ replica, pbxs: { [pbx]: ariUrl } });
  running.unshift(started.nest);
  return started;
}

/** `connected` and `disconnected` as they came; gaps have a test of their own. */
const words = (): string[] => told.map(({ type }) => type.slice('pbx.'.length)).filter((word) => word !== 'unobserved');
const eventOf = (type: string): PbxEvent | undefined => told.find((event) => event.type === type);
const lastWord = () => redis.get(pbxToldKey(pbx));

beforeEach(async () => {
  pbx = `test-${randomUUID().slice(0, 8)}`;
  ari = await new FakeAriServer().listen();
  redis = new Redis(required('REDIS_URL'));
  ({ told, terms, stop: stopWatching } = await watchPbx(pbx));
});

afterEach(async () => {
  for (const nest of running.splice(0)) await nest.close();
  await stopWatching();
  await ari.close();
  redis.disconnect();
});

/** The PBX stops, for as long as `while_` takes, and comes back at its address. */
async function stopPbx(while_: () => Promise<void>): Promise<void> {
  const { port } = ari;
  await ari.close();
  await while_();
  ari = await new FakeAriServer().listen(port);
}

test('a PBX that stops is told once by two replicas, and once when it is back, each word under a higher term', async () => {
  const both = [await start('1'), await start('2')];
  await until(() => ari.streams === 2 && words().length === 1 && both.some((one) => one.publishes()));
  const { lines } = recording('answered');
  for (const line of lines.slice(0, -8)) ari.send(line);
  await until(() => both.every(({ context }) => context.report.current().details['callsActive'] === 1));
  const stoppedAt = Date.now();
  await stopPbx(() => until(async () => (await lastWord()) === 'disconnected'));
  await until(() => words().length === 3);
  expect(words()).toEqual(['connected', 'disconnected', 'connected']);
  const lost = eventOf('pbx.disconnected');
  expect(lost?.data).toEqual({ reason: 'closed with code 1006' });
  expect(Math.abs(Date.parse(lost?.time ?? '') - stoppedAt)).toBeLessThan(10_000);
  expect(terms).toEqual([...terms].sort((a, b) => a - b));
  expect(new Set(terms).size).toBe(3); // the gap is told under the same term as the connection
  expect(both.filter((one) => one.publishes())).toHaveLength(1);
}, 30_000);

test('a publisher that loses its own stream, while another hears the PBX, has lost nothing for the deployment', async () => {
  const proxy = new TcpProxy(ari.url);
  const first = await start('1', await proxy.open(ari.url));
  await until(() => first.publishes() && words().length === 1);
  const second = await start('2');
  await until(() => ari.streams === 2 && second.context.dependencies.ready);
  await proxy.close();
  await until(second.publishes);
  await until(() => !first.context.dependencies.ready);
  await new Promise((resolve) => setTimeout(resolve, 2_500)); // it looks every second, and the lease lives 0.3 s
  expect([words(), await lastWord()]).toEqual([['connected'], 'connected']);
}, 20_000);

test('when the one that hears the PBX dies, one that does not hear it says so; a new process says nothing of a PBX that was there all along', async () => {
  const hears = await start('1');
  await until(() => hears.publishes() && words().length === 1);
  const deaf = await start('2', 'http://observer:s%40cret@127.0.0.1:9');
  await hears.nest.close();
  running.splice(running.indexOf(hears.nest), 1);
  await until(() => words().length === 2);
  expect(eventOf('pbx.disconnected')?.data).toEqual({ reason: 'no replica hears it' });
  expect(deaf.publishes()).toBe(false);
  const again = await start('3');
  await until(() => again.publishes() && words().length === 3);
  await again.nest.close();
  running.splice(running.indexOf(again.nest), 1);
  await deaf.nest.close();
  running.splice(running.indexOf(deaf.nest), 1);
  const next = await start('4');
  await until(() => next.publishes() && next.held() === 0);
  expect(words()).toEqual(['connected', 'disconnected', 'connected']);
}, 30_000);

test('a PBX that was never there is not told as lost', async () => {
  await start('1', 'http://observer:s%40cret@127.0.0.1:9');
  await new Promise((resolve) => setTimeout(resolve, 2_500)); // as above
  expect([words(), await lastWord()]).toEqual([[], null]);
}, 20_000);
