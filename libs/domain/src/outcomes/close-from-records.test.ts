import type { AttemptFromCel } from '../records/attempt-from-cel.ts';
import { closeFromRecords, closeOfLostPbx, type RecordsState } from './close-from-records.ts';

const attempt = { claimedAt: 100_000, absentSince: 109_000, destination: 'queue-demo' };
const cel = (over: Partial<AttemptFromCel> = {}): AttemptFromCel => ({
  attemptId: 'x', started: false, startedAt: null, refusedByGate: false, answeredAt: null, bridgedAt: null, endedAt: null, cause: null, starts: 0, ...over,
});
const started = (over: Partial<AttemptFromCel> = {}) => cel({ started: true, starts: 1, startedAt: 101_000, ...over });
const records = (over: Partial<RecordsState> = {}): RecordsState => ({ bootedAt: 1, caughtUpAt: 120_000, pbxAheadMs: 0, ...over });
const disposition = (...args: [AttemptFromCel, RecordsState?]) => closeFromRecords(attempt, args[0], args[1] ?? records(), 121_000)?.disposition;

test('an end in the records decides as an event would', () => {
  expect(disposition(started({ endedAt: 110_000, cause: 17 }))).toBe('busy');
  expect(disposition(started({ endedAt: 110_000, cause: 16, answeredAt: 105_000 }))).toBe('abandoned');
  expect(disposition(started({ endedAt: 110_000, cause: 16, answeredAt: 105_000, bridgedAt: 105_100 }))).toBe('answered');
  expect(disposition(started({ endedAt: 101_001, cause: 26, refusedByGate: true }))).toBe('not_placed');
});

test('no start in complete records, and the PBX did not restart: it was never placed', () => {
  expect(disposition(cel())).toBe('not_placed');
});

test('records that do not reach past the closing of the gate plus skew and margin say nothing yet', () => {
  expect(disposition(cel(), records({ caughtUpAt: 107_000 }))).toBeUndefined();
  expect(disposition(cel(), records({ caughtUpAt: null }))).toBeUndefined();
  expect(disposition(cel(), records({ bootedAt: null }))).toBeUndefined();
});

test('a PBX whose clock is 20 s behind tells a start of its own that looks older than the claim', () => {
  expect(disposition(cel(), records({ bootedAt: 83_000, pbxAheadMs: -20_000 }))).toBe('in_doubt');
  expect(disposition(cel(), records({ bootedAt: 77_900, pbxAheadMs: -20_000 }))).toBe('not_placed');
});

test('an end may stand beyond what was read before the channel was gone', () => {
  expect(disposition(started(), records({ caughtUpAt: 109_500 }))).toBeUndefined();
  expect(disposition(started(), records({ caughtUpAt: 110_500 }))).toBe('in_doubt');
});

test('no start, but the PBX restarted since the claim: its writer may have had no time', () => {
  expect(disposition(cel(), records({ bootedAt: 103_000 }))).toBe('in_doubt');
  expect(disposition(cel(), records({ bootedAt: 98_500 }))).toBe('in_doubt'); // the clocks may differ so much, and it tells whole seconds
  expect(disposition(cel(), records({ bootedAt: 97_900 }))).toBe('not_placed');
});

test('no start, and the PBX restarted long after the claim: it may have done so before as well', () => {
  expect(disposition(cel(), records({ bootedAt: 115_000 }))).toBe('in_doubt');
});

test('refused by the gate is no call, even if the PBX died before it wrote the end', () => {
  expect(disposition(started({ refusedByGate: true, cause: 26 }), records({ bootedAt: 108_000 }))).toBe('not_placed');
});

test('the PBX died with the call: answered and cut off, or failed', () => {
  expect(disposition(started(), records({ bootedAt: 108_000 }))).toBe('failed');
  expect(disposition(started({ answeredAt: 102_000 }), records({ bootedAt: 108_000 }))).toBe('answered');
});

test('begun, gone, no end written, no restart: in doubt', () => {
  expect(disposition(started())).toBe('in_doubt');
});

test('of a PBX that is lost, its records tell what they have; the rest is in doubt', () => {
  const lost = (record: AttemptFromCel) => closeOfLostPbx(attempt, record, 500_000);
  expect(lost(started({ endedAt: 110_000, cause: 17 }))).toMatchObject({ disposition: 'busy', endedAt: 110_000 });
  expect(lost(started({ refusedByGate: true }))).toMatchObject({ disposition: 'not_placed' });
  expect(lost(started({ answeredAt: 102_000 }))).toMatchObject({ disposition: 'answered', endedAt: 500_000 });
  expect([lost(started()).disposition, lost(cel()).disposition]).toEqual(['in_doubt', 'in_doubt']);
});
