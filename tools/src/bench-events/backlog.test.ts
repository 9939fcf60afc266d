import { type Backlog, keepsUp, waitingSec } from './backlog.ts';

/** 5 s at 2,000 messages a second. */
const samples = (waiting: (at: number) => number): Backlog[] => Array.from({ length: 100 }, (_, i) => ({ at: (i + 1) / 20, due: (i + 1) * 100, waiting: waiting((i + 1) / 20) }));
const played = { events: 100_000, tookMs: 5_000, tookSec: 5.05 };

test('what is under way is told in seconds of load', () => {
  expect(waitingSec(samples(() => 100))).toEqual([0.05, 0.05]);
  expect(waitingSec([])).toEqual([0, 0]);
});

test('keeps up while no more is under way at the end than at the start', () => {
  expect(keepsUp(samples(() => 100), 20_000, played)).toBe(true);
  expect(keepsUp(samples((at) => 100 + at * 50), 20_000, played)).toBe(true);
});

test('does not keep up when the backlog grows, when the source had to wait, or when much came only after the end', () => {
  expect(keepsUp(samples((at) => at * 400), 20_000, played)).toBe(false);
  expect(keepsUp(samples(() => 100), 21_000, played)).toBe(false);
  expect(keepsUp(samples(() => 100), 20_000, { ...played, tookSec: 6 })).toBe(false);
});
