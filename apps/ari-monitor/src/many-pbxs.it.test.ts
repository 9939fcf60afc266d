import { randomUUID } from 'node:crypto';
import { FakeAriServer } from '@discador/asterisk/testing/fake-ari-server';
import type { CallEvent } from '@discador/contracts/events/call-events';
import { until } from '@discador/runtime/testing/until';
import { recording } from './testing/recording.ts';
import { startReplica, watchEvents, type Replica } from './testing/replica.ts';

const COUNT = 12;
const run = randomUUID().slice(0, 8);
const names = Array.from({ length: COUNT }, (_, index) => `test-${run}-${index + 1}`);
let servers: FakeAriServer[];
let replica: Replica;
let got: CallEvent[];
let stopWatching: () => Promise<void>;

beforeAll(async () => {
  servers = await Promise.all(names.map(() => new FakeAriServer().listen()));
  ({ got, stop: stopWatching } = await watchEvents(names));
  replica = await startReplica({ replica: '1', pbxs: Object.fromEntries(names.map((name, index) => [name, servers[index]?.url ?? ''])), leaseTtlMs: 3_000 }); // none is lost on a slow machine
  await until(() => replica.context.dependencies.ready && published().length === COUNT);
});

afterAll(async () => {
  await replica.nest.close();
  await stopWatching();
  await Promise.all(servers.map((server) => server.close()));
});

const details = () => replica.context.report.current().details;
const published = (): string[] => String(details()['publishes']).split(', ').filter(Boolean);
const endsOf = (pbx: string): number => got.filter((event) => event.pbx === pbx && event.type === 'call.ended').length;
const metric = async (text: string): Promise<boolean> => (await replica.context.metrics.metrics()).includes(text);

/** One call at each of these PBXs, the same at all: what differs is the PBX. */
function callAt(which: readonly string[]): void {
  const { lines } = recording('answered');
  for (const name of which) for (const line of lines) servers[names.indexOf(name)]?.send(line);
}

test('one process publishes the calls of twelve PBXs, each under its name', async () => {
  callAt(names);
  await until(() => names.every((name) => endsOf(name) === 1));
  for (const name of names) expect(got.filter(({ pbx }) => pbx === name).map(({ type }) => type)).toEqual(['call.dialing', 'call.ringing', 'call.answered', 'call.ended']);
  expect(new Set(got.map(({ id }) => id)).size).toBe(COUNT * 4);
  expect(replica.context.report.current()).toMatchObject({ leader: true, note: `publishes the events of ${names.join(', ')}` });
  for (const name of names) expect(await metric(`discador_calls_total{pbx="${name}",disposition="answered",direction="outbound"} 1`)).toBe(true);
});

test('one PBX that goes away disturbs no other, and is back by itself', async () => {
  const [gone = '', ...others] = names;
  const server = servers[0]!;
  const { port } = server;
  await server.close();
  await until(() => !published().includes(gone));
  expect(published()).toEqual(others);
  expect(replica.context.dependencies.waitingFor.map((line) => line.split(':')[0])).toEqual([`pbx ${gone}`]);
  expect(replica.context.report.current()).toMatchObject({ leader: true, note: `publishes the events of ${others.join(', ')}; stands by for the events of ${gone}` });
  callAt(others);
  await until(() => others.every((name) => endsOf(name) === 2));
  expect(others.map((name) => [details()[`${name}.connected`], details()[`${name}.lastLoss`], details()[`${name}.unobservedSec`]])).toEqual(others.map(() => [true, null, 0]));
  expect([details()[`${gone}.connected`], servers.slice(1).map(({ opened }) => opened)]).toEqual([false, others.map(() => 1)]);
  expect(await metric(`discador_ari_connected{pbx="${gone}"} 0`)).toBe(true);

  servers[0] = await new FakeAriServer().listen(port);
  await until(() => published().length === COUNT && replica.context.dependencies.ready);
  callAt([gone]);
  await until(() => endsOf(gone) === 2);
  expect(await metric(`discador_ari_reconnections_total{pbx="${gone}"} 1`)).toBe(true);
  expect(await metric(`discador_ari_reconnections_total{pbx="${others[0]}"} 0`)).toBe(true);
}, 20_000);

test('lists of names and addresses that do not fit are refused, both named', async () => {
  await expect(startReplica({ replica: '2', pbxs: {}, pbxName: ['a', 'b'], ariUrl: ['http://u:s@127.0.0.1:9'] })).rejects.toThrow(/pbxName \(PBX_NAME\).*ariUrl \(ARI_URL\)/);
  await expect(startReplica({ replica: '2', pbxs: {}, pbxName: ['a', 'a'], ariUrl: ['http://u:s@127.0.0.1:9', 'http://u:s@127.0.0.1:9'] })).rejects.toThrow(/PBX_NAME.* twice/);
});
