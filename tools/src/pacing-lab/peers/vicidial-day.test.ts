import { ToldPool } from '../testing/told-pool.ts';
import { vicidial, type VicidialSettings } from './vicidial.ts';

/** The calls that VICIdial starts, by the second: of them none is dialled, only what `happens` is, by the second. */
function starts(agents: number, untilSec: number, over: Partial<VicidialSettings>, happens: Record<number, (pool: ToldPool) => unknown> = {}): Record<number, number> {
  const settings: VicidialSettings = { mode: 'average', maxLevel: 4, diffTarget: 0, intensity: 0, dropLimitPercent: 100, latestHours: 8.5, ...over };
  const { events, callsToStart, tickSec } = vicidial(settings)(agents, { freeing: () => [], answerRate: () => 0 });
  const pool = new ToldPool(events, agents);
  const started: Record<number, number> = {};
  for (let now = 0; now <= untilSec; now += tickSec) {
    pool.at = now;
    happens[now]?.(pool);
    const n = callsToStart(now);
    if (n > 0) started[now] = n;
  }
  return started;
}

/** Ten agents, all idle, double the level each 15 s up to 4, whatever it was halved to: 40 calls at level 4, 20 at 2. */
const READY = 10;

test('the dial loop fills up to who is ready or talks and the target, less who rings, waits or talks', () => {
  const asked = starts(4, 12.5, { diffTarget: 2 }, {
    1: (pool) => pool.dial(3),
    3: (pool) => pool.answer(2),
    6: (pool) => pool.connect(1),
    8: (pool) => pool.abandon(1),
    11: (pool) => pool.ringOut(1).talkEnd(1),
  });
  // level 1: 4 ready + 2 = 6; − 3 ringing; − 1 ringing − 2 waiting; 3 ready + 1 talking + 2 − 1 ringing − 1 waiting − 1 talking; without who waited; 3 ready + 2
  expect(asked).toEqual({ 0: 6, 2.5: 3, 5: 3, 7.5: 3, 10: 4, 12.5: 5 });
});

test('the level changes each 15 s, by the mean of 15 samples, one a second', () => {
  const asked = starts(10, 30, {}, { 20: (pool) => pool.dial(5).answer(5).connect(5) });
  // all ten ready until 15 s: level 2, 20 calls; five talk from 20 s on: − 5. Samples of 16–30 s: 4 × 10 and 11 × 5 ready, a mean of 6.33 of 10:
  // level 2 × 1.633 = 3.27, round(32.7) − 5
  expect(asked).toEqual({ 0: 10, 2.5: 10, 5: 10, 7.5: 10, 10: 10, 12.5: 10, 15: 20, 17.5: 20, 20: 15, 22.5: 15, 25: 15, 27.5: 15, 30: 28 });
});

test('who waits lowers the level, as a share of the agents who are ready or talk', () => {
  const asked = starts(10, 30, {}, { 15.5: (pool) => pool.dial(10).answer(10).connect(10).talkEnd(2).dial(2).answer(2) });
  // level 2 from 15 s on: 2 × 8 talking − 8 − 2 waiting. Samples of 16–30 s: 0 ready − 2 waiting = −2 of 8, two wrap up: level 2 × 0.75 = 1.5, 12 − 8 − 2
  expect(asked).toMatchObject({ 15: 20, 17.5: 6, 27.5: 6, 30: 2 });
});

test('more than half of the calls of a minute dropped: half the level for the next minute', () => {
  const asked = starts(READY, 300, {}, {
    30: (pool) => pool.dial(30).ringOut(30),
    100: (pool) => pool.dial(21).ringOut(10).answer(11).abandon(11),
    160: (pool) => pool.dial(21).ringOut(21),
    220: (pool) => pool.dial(20).answer(20).abandon(20),
  });
  // dropped: 0 of 30; 11 of 21, of 51 all day; 0 of 21, 11 of 72 all day; 20 of 20, which are too few calls
  expect(asked).toMatchObject({ 60: 40, 117.5: 40, 120: 20, 135: 20, 165: 20, 177.5: 20, 180: 40, 237.5: 40, 240: 40, 300: 40 });
});

describe('more of the day’s answers dropped than allowed', () => {
  /** 60 calls, 20 answered, of which so many were dropped. */
  const calls = (dropped: number) => (pool: ToldPool) => {
    pool.dial(60).ringOut(40).answer(20).abandon(dropped);
    for (let talk = dropped; talk < 20; talk++) pool.connect(1).talkEnd(1).wrapEnd(1);
  };

  test('half the level, until there are more answers', () => {
    // 1 of 20 answers and of 60 calls: 5 % of the answers; 1 of 40 answers: 2.5 %
    const asked = starts(READY, 240, { dropLimitPercent: 3 }, { 30: calls(1), 200: calls(0) });
    expect(asked).toMatchObject({ 57.5: 40, 60: 20, 120: 20, 180: 20, 237.5: 20, 240: 40 });
  });

  test('tapered: less by the time of day, from the first hour on', () => {
    const asked = starts(READY, 5430, { mode: 'tapered', dropLimitPercent: 3, latestHours: 9.5 }, { 30: calls(1) });
    // 09:30 − 00:01 = 929: level 4 × 0.929, round(37.2); 09:30 − 01:30 = 930 − 130 = 800: 4 × 0.8
    expect(asked).toMatchObject({ 75: 37, 5430: 32 });
  });
});
