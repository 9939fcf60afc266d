import { BusConnection } from '@discador/bus/bus-connection';
import { Publisher } from '@discador/bus/publisher';
import { createTestBus, type TestBus } from '@discador/bus/testing/test-bus';
import { routingKeyOf } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { CallBook } from '@discador/domain/calls/call-book';
import { callCloudEvent } from '@discador/domain/calls/call-cloud-event';
import { CAMPAIGN, queueCall } from '@discador/domain/calls/testing/invented-calls';
import { TcpProxy } from '@discador/runtime/testing/tcp-proxy';
import { until } from '@discador/runtime/testing/until';
import { pino } from 'pino';
import { CliProcess } from '../testing/run-cli.ts';

const OTHER_CAMPAIGN = '0198f3a0-0000-7000-8000-0000000000c1';

let testBus: TestBus;
let proxy: TcpProxy;
let url: string;
let bus: BusConnection;
let publisher: Publisher;
let tails: CliProcess[];

async function tail(...args: string[]): Promise<CliProcess> {
  const cli = new CliProcess(['events', 'tail', ...args], { AMQP_URL: url });
  tails.push(cli);
  await until(() => cli.stderr.includes('listening'));
  return cli;
}

/** Publishes all events of call number `n`. */
async function publishCall(n: number): Promise<void> {
  const book = new CallBook();
  const events = queueCall(n).flatMap((event) => book.apply(event, event.at)).map((effect) => callCloudEvent('pbx1', effect));
  for (const event of events) await publisher.publish({ exchange: EVENTS_EXCHANGE, routingKey: routingKeyOf(event), content: Buffer.from(JSON.stringify(event)) });
}

const linesOf = ({ stdout }: CliProcess): string[] => stdout.split('\n').filter(Boolean);

beforeEach(async () => {
  testBus = await createTestBus();
  proxy = new TcpProxy(testBus.url);
  url = await proxy.open(testBus.url);
  tails = [];
  bus = new BusConnection({ url: testBus.url, name: 'tail test', log: pino({ level: 'silent' }) });
  publisher = new Publisher(bus);
  bus.start();
  await until(() => publisher.up);
});

afterEach(async () => {
  for (const { child } of tails) child.kill('SIGKILL');
  await bus.close();
  await proxy.close();
  await testBus.drop();
});

test('shows events as they come, numbers masked, uncoloured in a pipe, and ends with 0 on a signal', async () => {
  const cli = await tail();
  await publishCall(1);
  await until(() => linesOf(cli).length === 6);
  expect(linesOf(cli).map((line) => line.split(/ +/)[1])).toEqual(['call.dialing', 'call.ringing', 'call.answered', 'call.bridged', 'call.dtmf', 'call.ended']);
  expect(linesOf(cli).at(-1)).toMatch(new RegExp(`outbound .* → \\*{9}0001 .* 6\\.0 s {2}answered .* campaign ${CAMPAIGN}$`));
  expect(cli.stdout).not.toContain('\u001b');
  cli.child.kill('SIGINT');
  expect((await cli.ended).code).toBe(0);
});

test('shows the types and the campaign asked for, as JSON when asked', async () => {
  const [ends, ofCampaign, ofOther] = await Promise.all([tail('--type', 'call.ended', '--json'), tail('--campaign', CAMPAIGN), tail('--campaign', OTHER_CAMPAIGN)]);
  await publishCall(2);
  await until(() => linesOf(ends).length === 1 && linesOf(ofCampaign).length === 6);
  expect(JSON.parse(ends.stdout)).toMatchObject({ type: 'call.ended', data: { to: '5511900000002' } });
  expect(ofOther.stdout).toBe('');
});

test('goes on when its connection was cut, and says so', async () => {
  const cli = await tail('--type', 'call.ended');
  await publishCall(3);
  await until(() => linesOf(cli).length === 1);
  proxy.cut();
  await until(() => cli.stderr.includes('listening again'));
  await publishCall(4);
  await until(() => linesOf(cli).length === 2);
  expect(cli.stderr).toMatch(/^listening\nthe broker in AMQP_URL is away: .+\nlistening again; .+\n$/);
});

test('waits for a broker that is away at the start when asked to', async () => {
  await proxy.close();
  const cli = new CliProcess(['events', 'tail', '--wait'], { AMQP_URL: url });
  tails.push(cli);
  await until(() => cli.stderr.includes('is away'));
  await proxy.open(testBus.url);
  await until(() => cli.stderr.includes('listening'));
  await publishCall(5);
  await until(() => linesOf(cli).length === 6);
  expect(cli.stderr).toMatch(/away: .+\nlistening\n$/);
});

test('has one queue, and leaves nothing behind', async () => {
  const queues = async (): Promise<string[]> => (await testBus.api<{ name: string }[]>('queues/VHOST?disable_stats=true&columns=name')).map(({ name }) => name).sort();
  const before = await queues();
  const cli = await tail();
  expect(await queues()).toHaveLength(before.length + 1);
  cli.child.kill('SIGTERM');
  await cli.ended;
  await until(async () => (await queues()).join() === before.join());
});

test('passes by what is no event', async () => {
  const cli = await tail();
  await publisher.publish({ exchange: EVENTS_EXCHANGE, routingKey: 'call.sung.none', content: Buffer.from('la la') });
  await publishCall(6);
  await until(() => linesOf(cli).length === 6);
  expect(cli.stderr).toBe('listening\na message that is no event, key call.sung.none\n');
});
