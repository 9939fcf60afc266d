import { linesToDial, nextLevel, vicidial, type Averages, type Drops, type VicidialSettings } from './vicidial.ts';

const settings = (over: Partial<VicidialSettings> = {}): VicidialSettings => ({ mode: 'hard', maxLevel: 4, diffTarget: 0, intensity: 0, dropLimitPercent: 3, latestHours: 8.5, ...over });
const NO_DROPS: Drops = { callsLastMinute: 0, dropsLastMinute: 0, callsToday: 0, answersToday: 0, dropsToday: 0 };
const mean = (ready: number, waiting: number, agents: number): Averages => ({ ready, waiting, agents });

test('the level grows and shrinks by the share of agents who are ready without a caller', () => {
  // 3 ready − 1 waiting = 2 of 10 agents: + 20 %
  expect(nextLevel(2, mean(3, 1, 10), NO_DROPS, settings(), 1)).toBeCloseTo(2.4);
  // 1 − 2 = −1 of 10: − 10 %
  expect(nextLevel(2, mean(1, 2, 10), NO_DROPS, settings(), 1)).toBeCloseTo(1.8);
  // a target of −1 wants one agent waiting: 3 − 1 − 1 = 1 of 10
  expect(nextLevel(2, mean(3, 1, 10), NO_DROPS, settings({ diffTarget: -1 }), 1)).toBeCloseTo(2.2);
  expect(nextLevel(2, mean(0, 0, 0), NO_DROPS, settings(), 1)).toBe(2);
});

test('intensity makes it grow faster and shrink slower', () => {
  expect(nextLevel(2, mean(3, 1, 10), NO_DROPS, settings({ intensity: 40 }), 1)).toBeCloseTo(2 * 1.28);
  expect(nextLevel(2, mean(1, 2, 10), NO_DROPS, settings({ intensity: 40 }), 1)).toBeCloseTo(2 * 0.94);
  expect(nextLevel(2, mean(1, 2, 10), NO_DROPS, settings({ intensity: -40 }), 1)).toBeCloseTo(2 * 0.86);
});

test('the level stays between 1 and its maximum, through a series of samples', () => {
  let level = 1;
  const seen = [mean(8, 0, 10), mean(6, 0, 10), mean(5, 0, 10), mean(0, 5, 10), mean(0, 9, 10)].map((averages) => (level = nextLevel(level, averages, NO_DROPS, settings(), 1)));
  expect(seen.map((value) => Number(value.toFixed(3)))).toEqual([1.8, 2.88, 4, 2, 1]);
});

test('more than half of the last minute’s calls dropped: half the level, if there were more than 20', () => {
  const ready = mean(0, 0, 10);
  expect(nextLevel(3, ready, { ...NO_DROPS, callsLastMinute: 21, dropsLastMinute: 11 }, settings(), 1)).toBe(1.5);
  expect(nextLevel(3, ready, { ...NO_DROPS, callsLastMinute: 20, dropsLastMinute: 11 }, settings(), 1)).toBe(3);
  expect(nextLevel(3, ready, { ...NO_DROPS, callsLastMinute: 22, dropsLastMinute: 11 }, settings(), 1)).toBe(3);
});

describe('more dropped today than allowed, once more than 50 were called', () => {
  const tooMany: Drops = { ...NO_DROPS, callsToday: 51, answersToday: 100, dropsToday: 4 };
  const level = (over: Partial<VicidialSettings>, drops = tooMany, hours = 1): number => nextLevel(3, mean(0, 0, 10), drops, settings(over), hours);

  test('hard limit: level 1; average: half', () => {
    expect(level({ mode: 'hard' })).toBe(1);
    expect(level({ mode: 'average' })).toBe(1.5);
    expect(level({ mode: 'average' }, { ...tooMany, dropsToday: 3 })).toBe(3);
    expect(level({ mode: 'average' }, { ...tooMany, callsToday: 50 })).toBe(3);
  });

  test('tapered: by the difference of two clock times written as numbers', () => {
    // 08:30 − 03:15: 830 − 315 = 515, over 1000
    expect(level({ mode: 'tapered' }, tooMany, 3.25)).toBeCloseTo(3 * 0.515);
    expect(level({ mode: 'tapered', latestHours: 20 }, tooMany, 1)).toBe(3);
    expect(level({ mode: 'tapered' }, tooMany, 8.6)).toBe(1);
  });
});

test('the dial loop fills up to level × (ready + talking + target)', () => {
  expect(linesToDial(2.3, { idle: 2, talking: 5, ringing: 4, waiting: 1 }, 0)).toBe(6); // round(16.1) − 10
  expect(linesToDial(2.3, { idle: 2, talking: 5, ringing: 4, waiting: 1 }, -1)).toBe(4); // round(13.8) − 10
  expect(linesToDial(1, { idle: 0, talking: 5, ringing: 4, waiting: 0 }, 0)).toBe(0);
});

test('dials each 2.5 s, levels each 15 s over the samples of the last 15 s', () => {
  const { events, callsToStart } = vicidial(settings())(4, { freeing: () => [], answerRate: () => 0 });
  for (let agent = 0; agent < 4; agent++) events.agentIn(0, agent);
  const asked: number[] = [];
  for (let tick = 0; tick <= 40; tick++) {
    const n = callsToStart(tick / 2);
    if (n > 0) asked.push(tick / 2, n);
    if (tick === 0) for (let call = 0; call < n; call++) events.dial(0, call);
  }
  // all four ready all the time: level 1 → 2 at 15 s, then 8 − 4 more each 2.5 s, as nobody dials them here
  expect(asked).toEqual([0, 4, 15, 4, 17.5, 4, 20, 4]);
});
