import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeAriServer } from '@discador/asterisk/testing/fake-ari-server';
import type { CallEvent } from '@discador/contracts/events/call-events';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import type { INestApplicationContext } from '@nestjs/common';
import { Redis } from 'ioredis';
import { recording } from './testing/recording.ts';
import { required, startReplica, until, watchEvents, type Replica } from './testing/replica.ts';

const NOBODY = 'amqp://127.0.0.1:9/';

const running: INestApplicationContext[] = [];
let ari: FakeAriServer;
let proxy: TcpProxy | undefined;
let pbx: string;
let got: CallEvent[];
let stopWatching: () => Promise<void>;

async function start(replica: string, amqpUrl?: string, changes: { spoolMaxMb?: number; spoolDir?: string } = {}): Promise<Replica> {
  const started = await startReplica({ replica, pbxs: { [pbx]: ari.url }, ...(amqpUrl ? { amqpUrl } : {}), ...changes });
  running.unshift(started.nest);
  return started;
}

const typesOf = (attempt: string): string[] => got.filter((event) => event.attemptid === attempt).map(({ type }) => type);

beforeEach(async () => {
  pbx = `test-${randomUUID().slice(0, 8)}`;
  ari = await new FakeAriServer().listen();
  ({ got, stop: stopWatching } = await watchEvents([pbx]));
});

afterEach(async () => {
  for (const nest of running.splice(0)) await nest.close();
  await proxy?.close();
  await stopWatching();
  await ari.close();
});

describe('ARI monitor', () => {
  it('publishes the events of recorded calls, once, in order, and is ready', async () => {
    const { context, publishes, held } = await start('1');
    await until(() => publishes() && context.dependencies.ready);
    const calls = ['queue-agent', 'busy', 'presses-nine', 'gate-late'].map(recording);
    for (const { lines } of calls) for (const line of lines) ari.send(line);
    await until(() => got.filter(({ type }) => type === 'call.ended').length === 4 && held() === 0);
    expect(calls.map(({ attempt }) => typesOf(attempt).map((type) => type.slice(5)))).toEqual([
      ['dialing', 'answered', 'bridged', 'ended'],
      ['dialing', 'ended'],
      ['dialing', 'ringing', 'answered', 'dtmf', 'ended'],
      ['dialing', 'ended'],
    ]);
    expect(new Set(got.map(({ id }) => id)).size).toBe(got.length);
    expect(await context.metrics.metrics()).toMatch(new RegExp(`discador_ari_events_total\\{pbx="${pbx}",type="ChannelDestroyed"\\} \\d+`));
  });

  it('lets one of two publish; when that one goes with events in hand, the other publishes them', async () => {
    const first = await start('1', NOBODY);
    await until(first.publishes);
    const second = await start('2');
    await until(() => second.context.dependencies.ready && ari.streams === 2);
    const { attempt, lines } = recording('answered');
    for (const line of lines) ari.send(line);
    await until(() => first.held() === 5 && second.held() === 4); // the publisher's first is that it is connected
    expect(second.publishes()).toBe(false);
    expect(got).toEqual([]);
    running.splice(running.indexOf(first.nest), 1);
    await first.nest.close();
    await until(() => second.publishes() && second.held() === 0);
    await until(() => got.length === 4);
    expect(typesOf(attempt)).toEqual(['call.dialing', 'call.ringing', 'call.answered', 'call.ended']);
  }, 20_000);

  it('after a gap, ends what the PBX no longer has and adopts what began meanwhile, marked as inferred', async () => {
    const { context, publishes } = await start('1');
    await until(() => publishes() && context.dependencies.ready);
    const gone = recording('answered');
    for (const line of gone.lines.slice(0, -8)) ari.send(line);
    await until(() => typesOf(gone.attempt).includes('call.answered'));
    const begun = recording('queue-agent');
    ari.channels = begun.lines
      .map((line) => (JSON.parse(line) as { channel?: { id: string; state: string } }).channel)
      .filter((channel) => channel?.id === `${begun.attempt};1` && channel.state === 'Up')
      .slice(0, 1);
    ari.dropAll();
    await until(() => typesOf(gone.attempt).includes('call.ended') && typesOf(begun.attempt).includes('call.answered'));
    expect(got.find(({ type, attemptid }) => type === 'call.ended' && attemptid === gone.attempt)).toMatchObject({ inferred: true, data: { disposition: 'answered' } });
    expect(got.filter(({ attemptid }) => attemptid === begun.attempt).every(({ inferred }) => inferred)).toBe(true);
    expect(context.dependencies.ready).toBe(true);
  }, 20_000);

  it('stops publishing when the lease goes to another, and holds what comes', async () => {
    const { context, publishes, held } = await start('1');
    await until(() => publishes() && context.dependencies.ready);
    const redis = new Redis(required('REDIS_URL'));
    await redis.set(`discador:lock:pbx:${pbx}`, 'another replica', 'PX', 60_000);
    redis.disconnect();
    await until(() => !publishes());
    for (const line of recording('answered').lines) ari.send(line);
    await until(() => held() === 4);
    await new Promise((resolve) => setTimeout(resolve, 200)); // time for them to go out, if they may
    expect([held(), got]).toEqual([4, []]);
  });

  it('gives up other events before the end of a call when its room is used up', async () => {
    proxy = new TcpProxy(required('AMQP_URL'));
    const amqpUrl = await proxy.open(required('AMQP_URL'));
    await proxy.close();
    const { context, publishes, held } = await start('1', amqpUrl, { spoolMaxMb: 0.006 });
    await until(() => publishes() && context.dependencies.waitingFor.every((line) => !line.includes(pbx)));
    const calls = ['answered', 'answered'].map(recording);
    for (const line of calls.flatMap(({ lines }) => lines)) ari.send(line);
    await until(async () => (await context.metrics.metrics()).includes(`discador_call_events_dropped_total{pbx="${pbx}",reason="spool_full"} `));
    await proxy.open(amqpUrl);
    await until(() => held() === 0);
    for (const { attempt } of calls) await until(() => typesOf(attempt).includes('call.ended'));
    expect(got.length).toBeLessThan(8);
  });

  it('ends, as inferred, what ended while it was not running: it remembers the calls of its former life', async () => {
    const spoolDir = mkdtempSync(join(tmpdir(), 'discador-monitor-'));
    const first = await start('1', undefined, { spoolDir });
    await until(() => first.publishes());
    const { attempt, lines } = recording('answered');
    for (const line of lines.slice(0, -8)) ari.send(line);
    await until(() => typesOf(attempt).includes('call.answered'));
    await running.shift()?.close();
    await start('2', undefined, { spoolDir });
    await until(() => typesOf(attempt).includes('call.ended'));
    expect(got.find((event) => event.attemptid === attempt && event.type === 'call.ended')).toMatchObject({ inferred: true, data: { disposition: 'answered' } });
    await running.shift()?.close();
    rmSync(spoolDir, { recursive: true });
  });

  it('replaces a socket whose application name another took: it would stay open and silent', async () => {
    const { context } = await start('1');
    await until(() => context.dependencies.ready);
    ari.send(JSON.stringify({ type: 'ApplicationReplaced', application: 'x', timestamp: '2026-11-20T23:42:50.976+0000' }));
    await until(() => ari.opened === 2 && context.dependencies.ready);
  });

  it('is not ready while the PBX does not answer the look, and asks again', async () => {
    ari.answersLooks = false;
    const { context } = await start('1');
    await until(() => ari.looks >= 1 && context.dependencies.waitingFor.length === 1);
    expect(context.dependencies.waitingFor[0]).toContain(pbx);
    ari.answersLooks = true;
    await until(() => context.dependencies.ready);
  }, 20_000);

  it('survives what is no event', async () => {
    const { context, publishes } = await start('1');
    await until(() => publishes() && context.dependencies.ready);
    const { attempt, lines } = recording('busy');
    for (const line of ['', '{', 'null', '{"type":"ChannelCreated"}', ...lines.flatMap((line) => [line.slice(0, 40), line])]) ari.send(line);
    await until(() => typesOf(attempt).includes('call.ended'));
    expect(await context.metrics.metrics()).toMatch(/type="malformed"\} \d+/);
  });
});
