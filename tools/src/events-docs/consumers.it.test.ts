import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { assertTopology } from '@discador/bus/topology';
import { createTestBus, type TestBus } from '@discador/bus/testing/test-bus';
import { parseEvent, routingKeyOf } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE, eventId } from '@discador/contracts/events/envelope';
import { until } from '@discador/runtime/testing/until';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { readConfig } from '../stack/config.ts';
import { DOCS, readExample } from './files.ts';
import { pythonWithPika } from './testing/python-with-pika.ts';

const QUEUE = 'example.ended-calls';
const ENDED = readExample('call.ended') as { id: string; data: { callId: string; disposition: string; durationMs: number } };
const another = (callId: string): typeof ENDED => ({ ...ENDED, id: eventId('pbx1', callId, 'ended'), data: { ...ENDED.data, callId } });
const lineOf = ({ data }: typeof ENDED): string => `${data.callId} ${data.disposition} ${data.durationMs} ms`;

let bus: TestBus;
let connection: ChannelModel;
let channel: ConfirmChannel;
let consumer: ChildProcess | undefined;

beforeEach(async () => {
  bus = await createTestBus();
  connection = await connect(bus.url);
  channel = await connection.createConfirmChannel();
  await assertTopology(channel);
});
afterEach(async () => {
  consumer?.kill('SIGKILL');
  await connection.close();
  await bus.drop();
});

async function publish(...events: object[]): Promise<void> {
  for (const event of events) channel.publish(EVENTS_EXCHANGE, routingKeyOf(parseEvent(event)), Buffer.from(JSON.stringify(event)));
  await channel.waitForConfirms();
}

/** Starts a consumer of the documents as its reader would. */
function start([program = '', ...args]: string[], file: string): { lines: string[]; errors: string[]; child: ChildProcess } {
  const child = spawn(program, [...args, fileURLToPath(new URL(`events/${file}`, DOCS))], { env: { ...process.env, AMQP_URL: bus.url }, stdio: ['ignore', 'pipe', 'pipe'] });
  consumer = child;
  const [lines, errors]: [string[], string[]] = [[], []];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  return { lines, errors, child };
}

const { cacheDir, debianMirror: mirror, debianSuite: suite } = readConfig({ DISCADOR_CACHE: process.env['DISCADOR_CACHE'] });

describe.each<[string, () => Promise<string[]>]>([
  ['consumer.ts', async () => [process.execPath]],
  ['consumer.py', () => pythonWithPika({ cacheDir, mirror, suite })],
])('%s', (file, interpreter) => {
  test('handles each call that ends once, also after it was away', async () => {
    const argv = await interpreter();
    const first = start(argv, file);
    const bound = (): Promise<boolean> => bus.api<object[]>(`bindings/VHOST/e/${EVENTS_EXCHANGE}/q/${QUEUE}`).then((bindings) => bindings.length === 1, () => false);
    await until(async () => first.child.exitCode !== null || (await bound()));
    expect(first.errors).toEqual([]);

    await publish(readExample('call.dialing'), ENDED, readExample('agent.paused'), ENDED, another('pbx1-1795213853.18'));
    await until(() => first.child.exitCode !== null || first.lines.length >= 2);
    expect([first.lines, first.errors]).toEqual([[lineOf(ENDED), lineOf(another('pbx1-1795213853.18'))], []]);

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const missed = another('pbx1-1795213999.31');
    await publish(missed);
    const second = start(argv, file);
    await until(() => second.child.exitCode !== null || second.lines.includes(lineOf(missed)));
    expect(second.errors).toEqual([]);
  }, 180_000);
});
