import { once } from 'node:events';
import { parseAriEvent } from '@discador/asterisk/ari/ari-event';
import { parseEvent } from '@discador/contracts/events/catalogue';
import type { CallEvent } from '@discador/contracts/events/call-events';
import { CallBook } from '@discador/domain/calls/call-book';
import { callCloudEvent } from '@discador/domain/calls/call-cloud-event';
import { until } from '@discador/runtime/testing/until';
import { CliProcess, objectsOf, recording, RECORDED, runCli } from './testing/run-cli.ts';

const REPLAY = ['events', 'replay', '--pbx', 'pbx1'];

/** What the monitor makes of a recording. */
function monitored(text: string): CallEvent[] {
  const book = new CallBook();
  return text.split('\n').filter(Boolean).flatMap((line) => {
    const parsed = parseAriEvent(Buffer.from(line));
    return parsed.kind === 'channel' ? book.apply(parsed.event, parsed.event.at).map((effect) => callCloudEvent('pbx1', effect)) : [];
  });
}

describe('discador events replay', () => {
  it('prints what the monitor publishes, the same at every replay', async () => {
    const text = ['queue-agent', 'presses-nine', 'busy'].map(recording).join('');
    const [first, second] = await Promise.all([runCli(REPLAY, text), runCli(REPLAY, text)]);
    expect([first.code, first.stderr]).toEqual([0, '119 messages, 11 events\n']);
    expect(objectsOf<CallEvent>(first.stdout)).toEqual(monitored(text));
    expect(second.stdout).toBe(first.stdout);
    for (const event of objectsOf(first.stdout)) parseEvent(event);
  });

  it('passes what is no message by, and names its line', async () => {
    const [head, ...lines] = recording('answered').split('\n').filter(Boolean);
    const garbage = ['', 'garbage', '{"type":"ChannelCreated"}', `${head?.slice(0, 200)}`, 'null', '\u0000\ufffd', '{"type":"NotYetInvented","timestamp":7}', '  '];
    const text = [head, ...garbage, ...lines].join('\r\n');
    const ran = await runCli(REPLAY, text);
    expect(ran.stderr).toBe('line 3: not JSON\nline 4: timestamp\nline 5: not JSON\nline 6: no type\nline 7: not JSON\n38 messages, 4 events, 5 malformed lines\n');
    expect([ran.code, ran.stdout]).toEqual([0, (await runCli(REPLAY, recording('answered'))).stdout]);
    expect((await runCli([...REPLAY, '--strict'], text)).code).toBe(1);
  });

  it('tells a hundred malformed lines, counts the others, and survives a line without end', async () => {
    const { code, stderr } = await runCli(REPLAY, `${'x\n'.repeat(250)}${'y'.repeat(5 << 20)}\n${recording('busy')}`);
    expect(stderr.split('\n').slice(99)).toEqual(['line 100: not JSON', 'and 151 more malformed lines', '271 messages, 2 events, 251 malformed lines', '']);
    expect(code).toBe(0);
  });

  it('makes nothing of nothing', async () => {
    expect(await runCli(REPLAY, '')).toEqual({ code: 0, stdout: '', stderr: '0 messages, 0 events\n' });
  });

  it('prints while the recording still goes on', async () => {
    const cli = new CliProcess(REPLAY);
    cli.child.stdin.write(recording('busy'));
    await until(() => cli.stdout.split('\n').length === 3);
    expect(objectsOf<CallEvent>(cli.stdout).map(({ type }) => type)).toEqual(['call.dialing', 'call.ended']);
    cli.child.stdin.end();
    expect((await cli.ended).code).toBe(0);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const cli = new CliProcess(REPLAY);
    cli.child.stdin.write(recording('busy'));
    await once(cli.child.stdout, 'data');
    cli.child.stdout.destroy();
    cli.child.stdin.write(recording('answered').repeat(100));
    expect(await cli.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('prints the old format on request', async () => {
    const { stdout } = await runCli([...REPLAY, '--legacy', 'payload'], recording('queue-agent'));
    expect(objectsOf<object>(stdout).map((message) => Object.keys(message).join())).toEqual(Array(3).fill('operation,payload'));
  });

  it('reads calls that are not ours', async () => {
    const foreign = recording('queue-agent').replaceAll('01a1fbba-4f0a-7017-829e-edd465c7aa90', 'c-queue-1795218170976');
    const { code, stdout, stderr } = await runCli(REPLAY, foreign);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^63 messages, \d+ events\n$/)]);
    for (const event of objectsOf(stdout)) parseEvent(event);
  });
});

describe('discador events compare', () => {
  const GOLDEN = new URL('./compare/golden/', import.meta.url).pathname;
  const COMPARE = ['events', 'compare', '--pbx', 'pbx1'];

  it('finds every recorded call in the golden files, in both shapes', async () => {
    const { code, stdout } = await runCli([...COMPARE, '--golden-dir', GOLDEN, '--json'], RECORDED.map(recording).join(''));
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, malformed: 0, events: 60, legacyMessages: 100, differences: 0 });
    expect(code).toBe(0);
  });

  it('says which fields differ, and ends with 1', async () => {
    const { code, stdout } = await runCli([...COMPARE, '--golden', `${GOLDEN}busy.legacy.jsonl`], recording('busy').replaceAll('551130000000', '551130000001'));
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      ...[['dial', 'data'], ['dial', 'payload'], ['finished-call', 'data'], ['finished-call', 'payload']].map(
        ([operation, shape]) => `${operation} of 01a1fbb9-a6ef-75c2-a6d2-ad2a41f3acac (${shape}): ${shape}.origin is "551130000001", golden "551130000000"`,
      ),
      '20 messages, 2 events, 4 legacy messages, 4 differences',
    ]);
    expect(code).toBe(1);
  });

  it('misses golden messages that did not come', async () => {
    const { code, stdout } = await runCli([...COMPARE, '--golden', `${GOLDEN}busy.legacy.jsonl`, '--json'], '');
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, differences: 4 });
    expect(code).toBe(1);
  });
});

test.each([
  [[], 'Usage'],
  [['events', 'sing'], 'unknown command'],
  [['events', 'replay'], '--pbx'],
  [['events', 'replay', '--pbx', ''], '--pbx'],
  [['events', 'replay', '--pbx', 'pbx1', '--legacy', 'xml'], '--legacy'],
  [['events', 'compare', '--pbx', 'pbx1', '--golden', '/nowhere/golden.jsonl'], '/nowhere/golden.jsonl'],
  [['events', 'compare', '--pbx', 'pbx1', '--golden', 'a', '--golden-dir', 'b'], '--golden-dir'],
  [['events', 'compare', '--pbx', 'pbx1', '--golden', new URL('../package.json', import.meta.url).pathname], 'line 1'],
  [['events', 'tail', '--type', 'call.sung'], 'call.ended'],
  [['events', 'tail', '--campaign', 'seven'], '--campaign'],
  [['events', 'tail', '--campaign', '0198f3a0-0000-7000-8000-0000000000c1', '--type', 'agent'], '--type'],
])('%j is wrong usage: 2, and says why', async (args, why) => {
  const { code, stdout, stderr } = await runCli(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
});

test.each([[undefined], [''], ['http://user:geheim@127.0.0.1'], ['geheim']])('tail refuses AMQP_URL=%s with 78 and its name, never its value', async (url) => {
  const { code, stderr } = await runCli(['events', 'tail'], '', url === undefined ? {} : { AMQP_URL: url });
  expect([code, stderr]).toEqual([78, expect.stringContaining('AMQP_URL')]);
  expect(stderr).not.toContain('geheim');
});

test('tail ends with 69 when nobody is at AMQP_URL', async () => {
  const { code, stderr } = await runCli(['events', 'tail'], '', { AMQP_URL: 'amqp://user:geheim@127.0.0.1:9' });
  expect([code, stderr]).toEqual([69, 'the broker in AMQP_URL is away: ECONNREFUSED\n']);
});

test.each([['--help'], ['events --help'], ['events replay --help'], ['events tail --help'], ['events compare --help']])('%s is told on stdout', async (line) => {
  expect(await runCli(line.split(' '))).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Usage: discador/) });
});
