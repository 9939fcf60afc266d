import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestBus, type TestBus } from '@discador/bus/testing/test-bus';
import { assertTopology } from '@discador/bus/topology';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { until } from '@discador/runtime/testing/until';
import { connect, type ChannelModel } from 'amqplib';

const PROCESS = fileURLToPath(new URL('testing/outbox-process.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'discador-outbox-'));
const children: ChildProcess[] = [];
let testBus: TestBus;
let proxy: TcpProxy;
let consumer: ChannelModel;
/** in the order of their arrival, repeats left out */
let seen: { n: number; call: number }[];

/** A life of the process that holds the outbox. */
class Life {
  /** all messages up to this are at the broker or on disk */
  safe = 0;
  end: { n: number; left: number; rss: number } | null = null;
  readonly child: ChildProcess;
  readonly #errors: string[] = [];

  constructor(url: string, first: number) {
    this.child = spawn(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', PROCESS, url, folder, String(first)], { stdio: 'pipe' });
    children.push(this.child);
    this.child.stderr?.on('data', (text: Buffer) => this.#errors.push(text.toString()));
    let rest = '';
    this.child.stdout?.on('data', (text: Buffer) => {
      const lines = (rest + text.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(line.split(' '));
    });
  }

  async reaches(n: number): Promise<void> {
    await until(() => this.safe >= n || this.child.exitCode !== null);
    expect(this.#errors).toEqual([]);
  }

  #hear([word, ...figures]: string[]): void {
    const [n = 0, left = 0, rss = 0] = figures.map(Number);
    if (word === 'end') this.end = { n, left, rss };
    else this.safe = n;
  }
}

beforeAll(async () => {
  testBus = await createTestBus();
  proxy = new TcpProxy(testBus.url);
  consumer = await connect(testBus.url);
  const channel = await consumer.createChannel();
  await assertTopology(channel);
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, EVENTS_EXCHANGE, '#');
  const known = new Set<number>();
  seen = [];
  const take = (message: { n: number; call: number }): void => {
    if (!known.has(message.n)) seen.push(message);
    known.add(message.n);
  };
  await channel.consume(queue, (message) => take(JSON.parse(message?.content.toString() ?? '{}') as { n: number; call: number }), { noAck: true });
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await proxy.close();
  await consumer.close();
  await testBus.drop();
  rmSync(folder, { recursive: true });
});

test('RabbitMQ away under 500 events a second, the process killed meanwhile: afterwards all arrive, in order per call', async () => {
  const url = await proxy.open(testBus.url);
  const first = new Life(url, 1);
  await until(() => seen.length > 200);
  await proxy.close();
  await first.reaches(seen.length + 700);
  first.child.kill('SIGKILL');
  await once(first.child, 'close');
  const second = new Life(url, first.safe + 1);
  await second.reaches(first.safe + 500);
  const arrived = seen.length;
  await proxy.open(url);
  const whenBack = second.safe;
  await until(() => seen.length > whenBack + 200);
  second.child.stdin?.end();
  await once(second.child, 'close');
  const { n = 0, left, rss } = second.end ?? {};
  await until(() => seen.length >= n);
  expect([left, seen.length]).toEqual([0, n]);
  expect(n - arrived).toBeGreaterThan(1_200);
  for (const call of [0, 1, 2, 3, 4]) {
    const numbers = seen.filter((message) => message.call === call).map((message) => message.n);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  }
  expect(rss).toBeLessThan(200_000_000);
}, 40_000);
