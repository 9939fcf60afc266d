import { breaksRoster, shiftsRoster, steadyRoster } from './rosters.ts';
import type { RosterChange } from './world.ts';

const HOUR = 3600;

/** How many are there once all changes up to `at` have been made. */
function present(roster: readonly RosterChange[], at: number): number {
  const there = new Set<number>();
  for (const change of roster.filter((one) => one.at <= at)) {
    if (change.present) there.add(change.agent);
    else there.delete(change.agent);
  }
  return there.size;
}

const isInOrder = (roster: readonly RosterChange[]): boolean => roster.every(({ at }, index) => at >= (roster[index - 1]?.at ?? 0));

test('a steady roster: everybody in at the start, nobody out', () => {
  expect(steadyRoster(2)).toEqual([{ at: 0, agent: 0, present: true }, { at: 0, agent: 1, present: true }]);
});

test('shifts: two thirds for two hours, then all for two, each third coming or going within ten minutes', () => {
  const roster = shiftsRoster(9, 1, 8 * HOUR);
  const counts = [0, 2 * HOUR - 1, 2 * HOUR + 600, 4 * HOUR - 1, 4 * HOUR + 600, 6 * HOUR - 1, 6 * HOUR + 600, 8 * HOUR].map((at) => present(roster, at));
  expect(counts).toEqual([6, 6, 9, 9, 6, 6, 9, 9]);
  expect(roster).toHaveLength(6 + 3 * 3);
  expect(isInOrder(roster)).toBe(true);
  expect(present(shiftsRoster(5, 1, HOUR), 0)).toBe(4);
});

test('breaks: ten minutes on average, about every fifty, one after the other', () => {
  const roster = breaksRoster(500, 1, 8 * HOUR);
  expect(roster.slice(0, 500)).toEqual(steadyRoster(500));
  const breaks = roster.slice(500);
  const minutes = breaks.reduce((sum, { awaySec = 0 }) => sum + awaySec, 0) / 60;
  // one an hour: 4,000 for 500 agents in 8 hours
  expect(minutes / breaks.length).toBeCloseTo(10, 0);
  expect(breaks.length / 4_000).toBeCloseTo(1, 1);
  expect(breaks.every((one) => !one.present && one.at < 8 * HOUR)).toBe(true);
  expect(isInOrder(roster)).toBe(true);
  const own = breaks.filter(({ agent }) => agent === 7);
  expect(own.length).toBeGreaterThan(2);
  expect(own.every(({ at }, index) => at > (own[index - 1]?.at ?? 0) + (own[index - 1]?.awaySec ?? 0))).toBe(true);
});

test('another seed has other breaks and shifts', () => {
  expect(breaksRoster(9, 2, 8 * HOUR)).not.toEqual(breaksRoster(9, 1, 8 * HOUR));
  expect(shiftsRoster(9, 2, 8 * HOUR)).not.toEqual(shiftsRoster(9, 1, 8 * HOUR));
});
