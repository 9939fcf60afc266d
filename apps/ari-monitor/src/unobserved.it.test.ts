import { randomUUID } from 'node:crypto';
import { FakeAriServer } from '@discador/asterisk/testing/fake-ari-server';
import { pbxEventId, type PbxEvent, type PbxUnobservedEvent } from '@discador/contracts/events/pbx-events';
import { pbxObservedKey, pbxToldKey } from '@discador/contracts/live';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import type { INestApplicationContext } from '@nestjs/common';
import { Redis } from 'ioredis';
import { required, startReplica, until, watchPbx, type Replica } from './testing/replica.ts';

const running: INestApplicationContext[] = [];
let ari: FakeAriServer;
let proxy: TcpProxy;
let redis: Redis;
let pbx: string;
let told: PbxEvent[];
let stopWatching: () => Promise<void>;

async function start(replica: string, ariUrl = ari.url): Promise<Replica> {
  const started = await startReplica({ replica, pbxs: { [pbx]: ariUrl } });
  running.unshift(started.nest);
  return started;
}

/** As Asterisk writes it. */
const instant = () => new Date().toISOString().replace('Z', '+0000');
const gapsTold = (): PbxUnobservedEvent[] => told.filter((event) => event.type === 'pbx.unobserved');
const details = ({ context }: Replica) => context.report.current().details;
const channel = (id: string) => ({ id: `${id};1`, name: 'Local/5511900000000@dial-gate-1;1', state: 'Up', creationtime: instant(), accountcode: '', caller: { number: '' }, dialplan: { context: 'campaign', exten: 'hold' } });
const attemptId = () => `019aa3f0-1111-7${randomUUID().slice(15, 18)}-8${randomUUID().slice(20, 23)}-${randomUUID().slice(24)}`;
const note = () => redis.get(pbxObservedKey(pbx)).then(Number);
/** Nothing more comes: what a publisher tells, it tells when it takes over; a note after that was sent later. */
async function nothingMoreComes(publisher: Replica): Promise<void> {
  const before = await note();
  await untilAsync(async () => publisher.held() === 0 && (await note()) > before);
}
async function untilAsync(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

beforeEach(async () => {
  pbx = `test-${randomUUID().slice(0, 8)}`;
  ari = await new FakeAriServer().listen();
  proxy = new TcpProxy(ari.url);
  redis = new Redis(required('REDIS_URL'));
  ({ told, stop: stopWatching } = await watchPbx(pbx));
});

afterEach(async () => {
  for (const nest of running.splice(0)) await nest.close();
  await stopWatching();
  await proxy.close();
  await ari.close();
  await redis.del(pbxObservedKey(pbx), pbxToldKey(pbx), `discador:lock:pbx:${pbx}:term`);
  redis.disconnect();
});

test('a publisher that loses its only stream tells the gap once: its length, why, and what the look found', async () => {
  const replica = await start('1');
  await until(replica.publishes);
  const [gone, begun] = [attemptId(), attemptId()];
  ari.send(JSON.stringify({ type: 'ChannelCreated', timestamp: instant(), channel: channel(gone) }));
  ari.send(JSON.stringify({ type: 'ChannelStateChange', timestamp: instant(), channel: channel(gone) }));
  await until(() => details(replica)['callsActive'] === 1);
  const lostAt = Date.now();
  ari.channels = [channel(begun)];
  ari.answersLooks = false;
  ari.dropAll();
  await until(() => ari.looks >= 2 && !replica.publishes()); // connected again, not reconciled: the gap goes on
  const lookedAt = Date.now();
  ari.answersLooks = true;
  await until(() => gapsTold().length === 1);
  const [gap] = gapsTold();
  expect(gap?.data).toMatchObject({ reason: 'closed with code 1006', inferredEnds: 1, adopted: 1 });
  expect(gap?.id).toBe(pbxEventId(pbx, 'pbx.unobserved', gap?.data.from ?? ''));
  expect(Date.parse(gap?.data.from ?? '')).toBeLessThanOrEqual(lostAt + 5);
  expect(Date.parse(gap?.data.to ?? '')).toBeGreaterThanOrEqual(lookedAt);
  expect(gap?.data.seconds).toBeCloseTo((Date.parse(gap?.data.to ?? '') - Date.parse(gap?.data.from ?? '')) / 1000, 3);
  expect(await replica.context.metrics.metrics()).toContain(`discador_pbx_unobserved_seconds_total{pbx="${pbx}"} ${gap?.data.seconds}`);
  expect(details(replica)).toMatchObject({ unobservedSec: gap?.data.seconds, lastLoss: 'closed with code 1006' });
  // The lease lost and won again, its stream unharmed, and Redis flushed: nothing is told anew.
  await redis.del(`discador:lock:pbx:${pbx}`, pbxObservedKey(pbx));
  await until(() => !replica.publishes());
  await until(replica.publishes);
  await nothingMoreComes(replica);
  expect(gapsTold()).toHaveLength(1);
}, 20_000);

test('a publisher with a half-open stream is followed by a standby that listened all along: no gap', async () => {
  const first = await start('1', await proxy.open(ari.url));
  await until(first.publishes);
  const second = await start('2');
  await until(() => ari.streams === 2 && second.context.dependencies.ready);
  const bothListenAt = Date.now();
  await until(() => Date.parse(String(details(first)['observedUntil'])) > bothListenAt);
  proxy.freeze();
  await until(second.publishes);
  await nothingMoreComes(second);
  await until(() => first.context.dependencies.ready && details(first)['lastLoss'] === 'silent');
  expect([gapsTold(), first.publishes()]).toEqual([[], false]);
}, 20_000);

test('when both lose the PBX, one tells the gap', async () => {
  const both = [await start('1'), await start('2')];
  await until(() => ari.streams === 2 && both.every(({ context }) => context.dependencies.ready) && both.some((one) => one.publishes()));
  ari.dropAll();
  await until(() => gapsTold().length === 1 && ari.streams === 2 && both.every(({ context }) => context.dependencies.ready) && both.some((one) => one.publishes()));
  const publisher = both.find((one) => one.publishes());
  if (publisher) await nothingMoreComes(publisher);
  expect(gapsTold()).toHaveLength(1);
}, 20_000);

test('a new process tells how long nobody listened, from the note of the one that was killed', async () => {
  const killedAt = Date.now() - 5_000;
  await redis.set(pbxObservedKey(pbx), killedAt);
  ari.channels = [channel(attemptId())];
  const replica = await start('1');
  await until(() => gapsTold().length === 1);
  expect(gapsTold()[0]?.data).toMatchObject({ from: new Date(killedAt).toISOString(), reason: 'no replica listened', adopted: 1, inferredEnds: 0 });
  expect(gapsTold()[0]?.data.seconds).toBeGreaterThanOrEqual(5);
  await until(replica.publishes);
}, 20_000);

test('a PBX that nobody ever watched has no gap; the publisher notes until when it has seen all', async () => {
  const replica = await start('1');
  await until(replica.publishes);
  await nothingMoreComes(replica);
  expect(gapsTold()).toEqual([]);
  expect(Math.abs((await note()) - Date.now())).toBeLessThan(3_000);
}, 20_000);
