import { readFileSync } from 'node:fs';
import { atMost } from '../bench/measurement.ts';
import { chaosReport, readRuns, REPORT_FILE, type ReportedRun } from './report.ts';
import type { ChaosResult, FaultLine } from './types.ts';

const fault = (over: Partial<FaultLine>): FaultLine => ({
  at: '2026-11-21T05:00:00.000Z', kind: 'kill', target: 'discador-master', pid: 7, signal: 'SIGKILL', wasActive: true, inFlight: 40,
  recoveredMs: 2100, counted: true, isolated: true, leader: true, backAt: null, detail: null, group: 'leader', ...over,
});

function run(seed: number, over: Partial<ChaosResult> = {}): ReportedRun {
  const result: ChaosResult = {
    faults: 3, attempts: 900, calls: 880, duplicates: 0, lost: 0, stuck: 0, excused: 5, swept: 4, inferred: 2, inDoubt: 0, seconds: 90, callsPerSecond: 9.8,
    recovery: [{ group: 'leader', faults: 1, p50Ms: 2100, p95Ms: 2100, maxMs: 2100, limitMs: 5000 }], inDoubtExplained: [], findings: [],
    byKind: { kill: { 'discador-master': 1, redis: 1 }, cut: { 'campaign-worker->redis': 1 } }, ...over,
  };
  const machine = { cpus: 2, model: 'some CPU', memoryGiB: 8, kernel: '6.1', node: 'v24.21.0' };
  const checks = [atMost('duplicates', result.duplicates, 0), atMost('lost', result.lost, 0)];
  const faults = [fault({}), fault({ target: 'redis', group: null, leader: false, recoveredMs: null }), fault({ kind: 'cut', target: 'campaign-worker->redis', group: null, leader: false, inFlight: 21 }), fault({ counted: false, inFlight: 0 })];
  return { made: { name: 'chaos', at: '2026-11-21T05:10:00.000Z', commit: 'abcdef0123456789', dirty: false, seed, machine, baseline: {}, result, ratio: {}, checks, ok: checks.every(({ ok }) => ok) }, faults };
}

const lines = (runs: ReportedRun[]): string[] => chaosReport(runs).split('\n');

test('two runs side by side, with checks and limits', () => {
  const made = lines([run(1), run(2, { lost: 1 })]);
  expect(made).toContain('| seed | 1 | 2 |');
  expect(made).toContain('| excused, because Asterisk died | 5 | 5 |');
  expect(made).toContain('| of them at a leader | 1 | 1 |');
  expect(made).toContain('| duplicates | <= 0 | 0 | 0 |');
  expect(made).toContain('| lost | <= 0 | 0 | **1, missed** |');
  expect(chaosReport([run(1)])).toContain('never with fewer than 21 calls in flight');
});

test('faults of all runs by target and kind', () => {
  const made = lines([run(1), run(2)]);
  expect(made).toContain('| target | kill | cut | all |');
  expect(made).toContain('| campaign-worker->redis |  | 2 | 2 |');
  expect(made).toContain('| all | 4 | 2 | 6 |');
});

test('recovery per run and together; what never came back says so', () => {
  const second = run(2, { recovery: [{ group: 'leader', faults: 1, p50Ms: null, p95Ms: null, maxMs: null, limitMs: 5000 }] });
  second.faults = [fault({ recoveredMs: null })];
  expect(lines([run(1), second])).toContain('| leader | 2.1 / 2.1 / 2.1 (1) | never / never / never (1) | 2.1 / never / never (2) | 5.0 |');
});

test('every attempt in doubt and every finding is told', () => {
  const text = chaosReport([run(1), run(2, { inDoubtExplained: ['a1: the carrier got none'], findings: [{ kind: 'no_invite', attemptId: 'a2', why: 'never came' }] })]);
  expect(text).toContain('Run 1: none.\n\nRun 2:\n\n- a1: the carrier got none\n');
  expect(text).toContain('Run 2:\n\n- no_invite, attempt a2: never came\n');
});

test('without a run there is nothing to report', () => {
  expect(() => chaosReport([])).toThrow('no run');
});

test('the committed report is what the committed runs give', () => {
  expect(readFileSync(REPORT_FILE, 'utf8')).toBe(chaosReport(readRuns()));
});
