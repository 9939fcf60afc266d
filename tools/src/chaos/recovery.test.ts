import fc from 'fast-check';
import { formerRate, percentile, recoveryMs, summarizeRecovery } from './recovery.ts';
import type { FaultLine } from './types.ts';

const T0 = 1_795_224_845_000;
const SEC = 1000;

/** Two calls every 200 ms, each up to `jitterMs` late; none in the hole, ratio `share` of them in the dip. */
function arrivals(jitter: readonly number[], hole: { from: number; to: number; share?: number } | null): number[] {
  const calls: number[] = [];
  for (let n = 0; n < 400; n++) {
    const at = T0 - 15 * SEC + Math.floor(n / 2) * 200 + (jitter[n % jitter.length] ?? 0);
    const inside = hole !== null && at >= hole.from && at < hole.to;
    if (!inside || (hole.share !== undefined && (n * hole.share) % 1 < hole.share)) calls.push(at);
  }
  return calls.sort((a, b) => a - b);
}

const jitters = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 37, maxLength: 37 });
const UNTIL = T0 + 20 * SEC;
const measured = (calls: number[]): number | null => recoveryMs(calls, T0, formerRate(calls, T0), UNTIL);

test('the former rate', () => {
  expect(formerRate(arrivals([0], null), T0)).toBe(10);
  expect(formerRate([], T0)).toBe(0);
});

test('no hole, or one as short as chance, is none', () => {
  fc.assert(fc.property(jitters, fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 300 }), (jitter, after, length) => {
    expect(measured(arrivals(jitter, { from: T0 + after, to: T0 + after + length }))).toBe(0);
  }), { numRuns: 1000 });
});

test('a hole from 0.8 s on counts from the fault to its end, wherever it begins', () => {
  fc.assert(fc.property(jitters, fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 800, max: 12_000 }), (jitter, after, length) => {
    const recovered = measured(arrivals(jitter, { from: T0 + after, to: T0 + after + length })) ?? 0;
    expect(Math.abs(recovered - (after + length))).toBeLessThanOrEqual(300);
  }), { numRuns: 1000 });
});

test('the last of two holes decides', () => {
  const calls = arrivals([0, 50, 90], { from: T0, to: T0 + 2 * SEC }).filter((at) => at < T0 + 5 * SEC || at > T0 + 6.5 * SEC);
  expect(Math.abs((measured(calls) ?? 0) - 6500)).toBeLessThanOrEqual(300);
});

test('half the rate is not back', () => {
  const calls = arrivals([0, 50, 90], { from: T0 + SEC, to: T0 + 6 * SEC, share: 0.5 });
  expect(Math.abs((measured(calls) ?? 0) - 6000)).toBeLessThanOrEqual(400);
  expect(measured(arrivals([0], { from: T0 + SEC, to: T0 + 60 * SEC, share: 0.5 }))).toBeNull();
});

test('null: not back by then, no time to tell, nothing to come back to', () => {
  const calls = arrivals([0], { from: T0 + SEC, to: UNTIL - SEC / 2 });
  expect(measured(calls)).toBeNull();
  expect(recoveryMs(calls, T0, 10, T0 + 1.9 * SEC)).toBeNull();
  expect(recoveryMs(calls, T0, 0, UNTIL)).toBeNull();
  expect(recoveryMs(arrivals([0], { from: T0 + SEC, to: UNTIL - 3 * SEC }), T0, 10, UNTIL)).not.toBeNull();
});

test('percentiles are values that occurred', () => {
  expect([50, 95, 100, 0].map((p) => percentile([30, 10, 20, 40], p))).toEqual([20, 40, 40, 10]);
  expect(percentile([], 50)).toBeNull();
});

test('recovery by group: one that never came back is slower than all', () => {
  const fault = (group: string | null, recoveredMs: number | null, counted = true): FaultLine => ({
    at: '', kind: 'kill', target: 'redis', pid: 1, signal: null, wasActive: true, inFlight: 30, recoveredMs, counted, isolated: true, leader: false, backAt: null, detail: null, group,
  });
  const faults = [fault('servers', 100), fault('servers', 300), fault('servers', 9000, false), fault('leaders', 50), fault('leaders', null), fault(null, 7)];
  expect(summarizeRecovery(faults, [{ group: 'leaders', limitMs: 5 }, { group: 'servers', limitMs: 6 }, { group: 'others', limitMs: 7 }])).toEqual([
    { group: 'leaders', faults: 2, p50Ms: 50, p95Ms: null, maxMs: null, limitMs: 5 },
    { group: 'servers', faults: 2, p50Ms: 100, p95Ms: 300, maxMs: 300, limitMs: 6 },
  ]);
});
