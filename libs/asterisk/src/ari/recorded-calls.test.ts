import { CallBook } from '@discador/domain/calls/call-book';
import type { CallEffect } from '@discador/domain/calls/call-state';
import { classify } from '@discador/domain/calls/disposition';
import { recordedLines, recordedStreams } from '../testing/recorded-stream.ts';
import { parseAriEvent } from './ari-event.ts';

const ANSWERED = ['dialing', 'ringing', 'answered', 'ended'];
const AT_ONCE = ['dialing', 'answered', 'ended'];
const WITH_AGENT = ['dialing', 'answered', 'bridged', 'ended'];
const RANG = ['dialing', 'ringing', 'ended'];
const NOT_EVEN = ['dialing', 'ended'];

// Worked out by hand from the recordings: transitions, cause, disposition, destination, bill in ms.
const EXPECTED: Readonly<Record<string, readonly [readonly string[], number, string, string, number]>> = {
  'agent-hangs-up': [WITH_AGENT, 16, 'answered', 'queue-demo', 2_219],
  answered: [ANSWERED, 16, 'answered', 'hold', 2_002],
  'answers-at-once': [AT_ONCE, 16, 'answered', 'hold', 2_002],
  busy: [NOT_EVEN, 17, 'busy', '', 0],
  congestion: [NOT_EVEN, 34, 'congestion', '', 0],
  'dialer-hangs-up-answered': [AT_ONCE, 0, 'answered', 'hold', 2_226],
  'dialer-hangs-up': [RANG, 0, 'failed', '', 0],
  'gate-late': [NOT_EVEN, 26, 'not_placed', '', 0],
  'gate-no-dial-by': [NOT_EVEN, 26, 'not_placed', '', 0],
  machine: [ANSWERED, 16, 'answered', 'hold', 8_108],
  'presses-nine': [['dialing', 'ringing', 'answered', 'dtmf', 'ended'], 16, 'answered', 'hold', 3_455],
  'queue-abandoned': [AT_ONCE, 16, 'abandoned', 'queue-phones', 2_004],
  'queue-agent': [WITH_AGENT, 16, 'answered', 'queue-demo', 4_004],
  rejected: [RANG, 21, 'rejected', '', 0],
  'rings-out': [RANG, 19, 'no_answer', '', 0],
  'too-short': [NOT_EVEN, 28, 'invalid_number', '', 0],
  'trunk-busy': [NOT_EVEN, 17, 'busy', '', 0],
  'trunk-queue-agent': [WITH_AGENT, 16, 'answered', 'queue-demo', 4_020],
  'trunk-rings-out': [RANG, 19, 'no_answer', '', 0],
  unallocated: [NOT_EVEN, 1, 'invalid_number', '', 0],
};

function replay(name: string, order: (lines: string[]) => string[] = (lines) => lines): CallEffect[] {
  const book = new CallBook();
  const effects: CallEffect[] = [];
  for (const line of order(recordedLines(name))) {
    const parsed = parseAriEvent(Buffer.from(line));
    expect(parsed.kind).not.toBe('malformed');
    if (parsed.kind === 'channel') effects.push(...book.apply(parsed.event, parsed.event.at));
  }
  return effects;
}

describe('recorded calls', () => {
  it.each(Object.entries(EXPECTED))('%s', (name, [types, cause, disposition, destination, billMs]) => {
    const effects = replay(name);
    const last = effects.at(-1);
    expect(effects.map(({ type }) => type)).toEqual(types);
    if (last?.type !== 'ended') throw new Error('no end');
    expect({ cause: last.summary.cause, disposition: classify(last.summary), destination: last.summary.destination, billMs: last.summary.billMs }).toEqual({
      cause,
      disposition,
      destination,
      billMs,
    });
    expect(last.summary.campaignId).toMatch(/^[0-9a-f-]{36}$/);
    expect(last.summary.number).toMatch(/^55/);
    expect(effects.every(({ call, inferred }) => call.campaignId !== null && !inferred)).toBe(true);
  });

  it('covers every recording', () => {
    expect(recordedStreams().filter((name) => !name.startsWith('foreign-'))).toEqual(Object.keys(EXPECTED).sort());
  });

  it('names the agent that took the call, and the key that was pressed', () => {
    expect(replay('queue-agent').find(({ type }) => type === 'bridged')).toMatchObject({ peer: expect.stringMatching(/^Local\/agent01@agents-/) });
    expect(replay('presses-nine').at(-1)).toMatchObject({ summary: { dtmf: '9' } });
  });

  it('comes to the same end when every event is repeated', () => {
    const twice = replay('presses-nine', (lines) => lines.flatMap((line) => [line, line]));
    expect(twice.map(({ type, at }) => [type, at])).toEqual(replay('presses-nine').map(({ type, at }) => [type, at]));
  });
});
