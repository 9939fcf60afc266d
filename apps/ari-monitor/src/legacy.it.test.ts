import { readFileSync } from 'node:fs';
import { FakeAriServer } from '@discador/asterisk/testing/fake-ari-server';
import { createTestBus, type TestBus } from '@discador/bus/testing/test-bus';
import { LEGACY_EXCHANGES, LEGACY_SHAPES, type LegacyShape } from '@discador/contracts/legacy/legacy-call';
import { connect, type ChannelModel } from 'amqplib';
import { startReplica, until, type Replica } from './testing/replica.ts';

const RECORDING = readFileSync(new URL('../../../libs/domain/src/calls/fixtures/presses-nine.ari.jsonl', import.meta.url), 'utf8').split('\n').filter(Boolean);
const OPERATIONS = ['dial', 'answered-call', 'dtmf', 'finished-call'];

let bus: TestBus;
let ari: FakeAriServer;
let replica: Replica;

async function start(legacyEvents: LegacyShape[]): Promise<void> {
  replica = await startReplica({ replica: '1', pbxs: { [`legacy-${bus.url.slice(-8)}`]: ari.url }, amqpUrl: bus.url, legacyEvents });
  await until(() => replica.publishes() && replica.context.dependencies.ready);
}

/** Reads everything that an exchange is sent, as a consumer of the old platform would. */
async function listen(connection: ChannelModel, exchange: string): Promise<{ key: string; message: object }[]> {
  const got: { key: string; message: object }[] = [];
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, exchange, '#');
  await channel.consume(queue, (message) => message && got.push({ key: message.fields.routingKey, message: JSON.parse(message.content.toString()) as object }), { noAck: true });
  return got;
}

const exchanges = async (): Promise<string[]> => (await bus.api<{ name: string }[]>('exchanges/VHOST?disable_stats=true&columns=name')).map(({ name }) => name);

async function confirmed(): Promise<number> {
  return Number(/discador_call_event_publish_seconds_count\{.*\} (\d+)/.exec(await replica.context.metrics.metrics())?.[1] ?? 0);
}

beforeEach(async () => {
  bus = await createTestBus();
  ari = await new FakeAriServer().listen();
});

afterEach(async () => {
  await replica.nest.close();
  await ari.close();
  await bus.drop();
});

test('consumers of each shape get every operation in order, and the other shape never', async () => {
  await start([...LEGACY_SHAPES]);
  const connection = await connect(bus.url);
  const [data, payload] = [await listen(connection, LEGACY_EXCHANGES.data), await listen(connection, LEGACY_EXCHANGES.payload)];
  for (const line of RECORDING) ari.send(line);
  await until(() => data.length >= OPERATIONS.length && payload.length >= OPERATIONS.length && replica.held() === 0);
  expect(data.map(({ key }) => key)).toEqual(OPERATIONS);
  expect(payload.map(({ key }) => key)).toEqual(OPERATIONS);
  expect(data.every(({ message }) => Object.keys(message).join() === 'operation,data')).toBe(true);
  expect(payload.every(({ message }) => Object.keys(message).join() === 'operation,payload')).toBe(true);
  await connection.close();
});

test('nobody need be bound: the events are confirmed all the same', async () => {
  await start(['payload']);
  for (const line of RECORDING) ari.send(line);
  await until(async () => replica.held() === 0 && (await confirmed()) >= 9); // five events, four of them also in the old format
  expect((await exchanges()).filter((name) => name.startsWith('discador.legacy'))).toEqual(['discador.legacy.payload']);
});

test('while it is off, its exchanges are not declared', async () => {
  await start([]);
  expect((await exchanges()).filter((name) => name.startsWith('discador.'))).toEqual(['discador.dead', 'discador.events']);
});
