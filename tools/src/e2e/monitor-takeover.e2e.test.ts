import { randomUUID } from 'node:crypto';
import { recording } from '@discador/ari-monitor/testing/recording';
import { parseAriEvent } from '@discador/asterisk/ari/ari-event';
import { FakeAriServer } from '@discador/asterisk/testing/fake-ari-server';
import type { CallEvent } from '@discador/contracts/events/call-events';
import { EVENTS_EXCHANGE, TERM_HEADER } from '@discador/contracts/events/envelope';
import { CallBook } from '@discador/domain/calls/call-book';
import { callCloudEvent } from '@discador/domain/calls/call-cloud-event';
import { connect, type ChannelModel } from 'amqplib';
import { HOST } from '../stack/addresses.ts';
import { freePort } from '../stack/ports.ts';
import { askService } from '../stack/probes.ts';
import { startService, type ServiceChild } from './service-child.ts';
import { eventually, openSystem, type System } from './system.ts';

const TAKEOVER_MS = 3_000;
const CALLS = 120;
const KINDS = ['queue-agent', 'answered', 'presses-nine', 'busy'];
/** Each call begins so many lines after the one before, so that at any time many are at different points. */
const STAGGER = 4;
const LINE_MS = 10;

interface Monitor {
  child: ServiceChild;
  healthUrl: string;
}

interface Message {
  event: CallEvent;
  term: number;
  at: number;
}

let system: System;
let ari: FakeAriServer;
let pbx: string;
let broker: ChannelModel;
let got: Message[];
const monitors: Monitor[] = [];

beforeAll(async () => {
  system = await openSystem({ masters: 0 });
}, 120_000);

afterAll(() => system?.close());

beforeEach(async () => {
  pbx = `e2e-${randomUUID().slice(0, 8)}`;
  ari = await new FakeAriServer().listen();
  got = [];
  broker = await connect(system.stack.amqpUrl ?? '');
  const channel = await broker.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, EVENTS_EXCHANGE, '#');
  await channel.consume(queue, (message) => message && take(JSON.parse(message.content.toString()) as CallEvent, Number(message.properties.headers?.[TERM_HEADER])), { noAck: true });
  for (const replica of ['a', 'b']) monitors.push(await startMonitor(replica));
  await eventually('both listen and one publishes', async () => (await Promise.all(monitors.map(health))).every(({ ready }) => ready) && publisher(), 30_000);
}, 60_000);

afterEach(async () => {
  for (const { child } of monitors.splice(0)) child.kill('SIGKILL');
  await broker.close();
  await ari.close();
  const keys = await system.redis.keys(`discador:*:pbx:${pbx}*`);
  if (keys.length > 0) await system.redis.del(...keys);
});

function take(event: CallEvent, term: number): void {
  if (event.pbx === pbx && event.type.startsWith('call.')) got.push({ event, term, at: performance.now() });
}

async function startMonitor(replica: string): Promise<Monitor> {
  const { redisUrl, amqpUrl } = system.stack;
  const port = await freePort();
  const env = { REDIS_URL: redisUrl ?? '', AMQP_URL: amqpUrl ?? '', ARI_URL: ari.url, PBX_NAME: pbx, REPLICA: `${pbx}-${replica}`, HTTP_PORT: String(port) };
  return { child: startService('ari-monitor', env), healthUrl: `http://${HOST}:${port}/health/ready` };
}

const health = ({ healthUrl }: Monitor) => askService(healthUrl);

async function publisher(): Promise<Monitor | undefined> {
  const asked = await Promise.all(monitors.map(async (monitor) => ({ monitor, leads: (await health(monitor)).leader })));
  return asked.find(({ leads }) => leads)?.monitor;
}

/** Calls that go on beside each other, and what must be published of each. */
function plan(): { steps: string[][]; expected: Map<string, string[]> } {
  const steps: string[][] = [];
  const expected = new Map<string, string[]>();
  for (let n = 0; n < CALLS; n += 1) {
    const { attempt, lines } = recording(KINDS[n % KINDS.length] ?? '');
    lines.forEach((line, index) => (steps[n * STAGGER + index] ??= []).push(line));
    expected.set(attempt, idsOf(lines));
  }
  return { steps, expected };
}

function idsOf(lines: readonly string[]): string[] {
  const book = new CallBook();
  const effects = lines.flatMap((line) => {
    const parsed = parseAriEvent(line);
    return parsed.kind === 'channel' ? book.apply(parsed.event, parsed.event.at) : [];
  });
  return [...effects, ...book.tick(Number.MAX_SAFE_INTEGER)].map((effect) => callCloudEvent(pbx, effect).id);
}

/** Sends the lines at their pace. @param during  what is done to the monitors in the middle of it */
async function play(steps: readonly string[][], during: () => void): Promise<void> {
  for (const [index, lines] of steps.entries()) {
    if (index === Math.floor(steps.length / 2)) during();
    for (const line of lines ?? []) ari.send(line);
    await new Promise((resolve) => setTimeout(resolve, LINE_MS));
  }
}

/** The ids of each call in the order in which they came first. */
function firstSeen(): Map<string, string[]> {
  const ids = new Map<string, Set<string>>();
  for (const { event } of got) ids.set(event.data.callId, (ids.get(event.data.callId) ?? new Set()).add(event.id));
  return new Map([...ids].map(([call, its]) => [call, [...its]]));
}

async function untilComplete(expected: ReadonlyMap<string, string[]>): Promise<void> {
  const total = [...expected.values()].flat().length;
  await eventually('every event has come', () => new Set(got.map(({ event }) => event.id)).size >= total, 15_000);
}

test('the publishing monitor killed in mid-calls: another goes on within 3 s, no event is missing, and those of each call come in order', async () => {
  const { steps, expected } = plan();
  const first = await eventually('one publishes', publisher);
  let killedAt = 0;
  await play(steps, () => {
    first.child.kill('SIGKILL');
    killedAt = performance.now();
  });
  await untilComplete(expected);
  expect(firstSeen()).toEqual(expected);
  const [term, later] = [...new Set(got.map((message) => message.term))];
  expect(later).toBeGreaterThan(term ?? Number.NaN);
  const tookOverAt = got.find((message) => message.term === later)?.at ?? Number.POSITIVE_INFINITY;
  process.stdout.write(`took over in ${Math.round(tookOverAt - killedAt)} ms; ${got.length} messages for ${new Set(got.map(({ event }) => event.id)).size} events\n`);
  expect(tookOverAt - killedAt).toBeLessThan(TAKEOVER_MS);
}, 60_000);

test('the publishing monitor frozen for longer than its lease: when it runs again it sends nothing under its old term', async () => {
  const { steps, expected } = plan();
  const frozen = await eventually('one publishes', publisher);
  await play(steps, () => frozen.child.kill('SIGSTOP'));
  await untilComplete(expected);
  const before = got.length;
  const oldTerm = got[0]?.term;
  frozen.child.kill('SIGCONT');
  const again = plan();
  await play(again.steps, () => undefined);
  await untilComplete(new Map([...expected, ...again.expected]));
  await eventually('the frozen one listens again, and stands by', async () => {
    const { ready, leader } = await health(frozen);
    return ready && !leader;
  });
  expect(got.slice(before).filter(({ term }) => term === oldTerm)).toEqual([]);
  expect(firstSeen()).toEqual(new Map([...expected, ...again.expected]));
}, 60_000);
