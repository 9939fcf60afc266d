import { readFileSync } from 'node:fs';
import { attemptFromCel } from '@discador/domain/records/attempt-from-cel';
import { attemptHalf } from '@discador/domain/records/cel-record';
import { parseCdrLine } from './cdr.ts';
import { parseCelLine } from './cel.ts';
import { splitCsvLine } from './split-csv-line.ts';

const lines = (name: string): string[] =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8').split('\n').filter((line) => line !== '');

function attemptIn(fixture: string) {
  const records = lines(`${fixture}.cel.csv`).map((line) => parseCelLine(line));
  expect(records).not.toContain(null);
  const known = records.filter((record) => record !== null);
  const attemptId = attemptHalf(known[0]?.channelId ?? '')?.attemptId ?? '';
  return attemptFromCel(attemptId, known);
}

describe('what a real Asterisk recorded', () => {
  it.each([
    ['answered', 16, true],
    ['answers-at-once', 16, true],
    ['machine', 16, true],
    ['presses-nine', 16, true],
    ['busy', 17, false],
    ['rings-out', 19, false],
    ['congestion', 34, false],
    ['unallocated', 1, false],
    ['rejected', 21, false],
    ['too-short', 28, false],
    ['dialer-hangs-up', 0, false],
    ['dialer-hangs-up-answered', 0, true],
    ['queue-abandoned', 16, true],
    ['trunk-busy', 17, false],
    ['trunk-rings-out', 19, false],
  ])('%s: cause %d, answered %s, no agent', (fixture, cause, answered) => {
    const attempt = attemptIn(fixture);
    expect(attempt).toMatchObject({ started: true, starts: 1, refusedByGate: false, cause, bridgedAt: null });
    expect(attempt.answeredAt !== null).toBe(answered);
    expect(attempt.endedAt).toBeGreaterThanOrEqual(attempt.startedAt ?? Infinity);
  });

  it.each(['queue-agent', 'agent-hangs-up', 'trunk-queue-agent'])('%s: an agent took it', (fixture) => {
    const attempt = attemptIn(fixture);
    expect(attempt).toMatchObject({ starts: 1, cause: 16 });
    expect(attempt.bridgedAt).toBeGreaterThan(attempt.answeredAt ?? Infinity);
  });

  it.each(['gate-late', 'gate-no-dial-by'])('%s: refused', (fixture) => {
    expect(attemptIn(fixture)).toMatchObject({ starts: 1, refusedByGate: true, cause: 26, answeredAt: null });
  });

  it('writes one CDR per half', () => {
    const records = lines('busy.cdr.csv').map((line) => parseCdrLine(line));
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ disposition: 'BUSY', destination: '5511900000112', durationSec: 1, billSec: 0, answeredAt: null });
    expect(attemptHalf(records[0]?.channelId ?? '')?.half).toBe(2);
    expect(new Date(records[0]?.startedAt ?? 0).toISOString()).toMatch(/^2026-11-21T01:30:10/);
  });
});

describe('splitCsvLine', () => {
  it.each<[string, string[] | null]>([
    ['"a","b"', ['a', 'b']],
    ['"a ""b"",""c""",2,', ['a "b","c"', '2', '']],
    ['', ['']],
    ['"","",""', ['', '', '']],
    ['"a', null],
    ['"a"b,c', null],
    ['"a""', null],
  ])('%s', (line, fields) => {
    expect(splitCsvLine(line)).toEqual(fields);
  });
});

describe('what is no record', () => {
  it.each(['', '"CHAN_START"', '"CHAN_START","yesterday","a","b","c","d","e","f","g","h","i","j"', '"CHAN_START","1795225115.655606","","b","c","d","e","f","g","h","i","j"', '"ANSWER","17952'])(
    '%s',
    (line) => {
      expect(parseCelLine(line)).toBeNull();
      expect(parseCdrLine(line)).toBeNull();
    },
  );
});
