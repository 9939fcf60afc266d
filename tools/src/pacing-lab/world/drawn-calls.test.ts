import { answeredBefore, chanceToBeAnswered, DrawnCalls, USUAL_TRAFFIC } from './drawn-calls.ts';

const N = 200_000;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variation = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => value ** 2)) / mean(values) ** 2 - 1);

test('rings, talks and wrap-ups have the means and variations that were asked for', () => {
  const calls = new DrawnCalls({ ...USUAL_TRAFFIC, answerRate: () => 0.3 }, 7);
  const rings = Array.from({ length: N }, () => calls.ringSec(0));
  const answered = rings.filter((sec) => sec > 0);
  expect(answered.length / N).toBeCloseTo(0.3, 2);
  expect(mean(answered)).toBeCloseTo(10, 0);
  expect(Math.max(...answered.slice(0, 50_000))).toBeLessThan(28);
  const share = (sec: number): number => rings.filter((ring) => ring === -sec).length / (N - answered.length);
  expect([share(28), share(3), share(1)].map((value) => Number(value.toFixed(2)))).toEqual([0.7, 0.15, 0.15]);
  const talks: number[] = [];
  const wraps: number[] = [];
  for (let i = 0; i < N; i++) {
    talks.push(calls.talkSec(0));
    wraps.push(calls.wrapUpSec());
  }
  expect(mean(talks) / 150).toBeCloseTo(1, 1);
  expect(variation(talks)).toBeCloseTo(1, 1);
  expect(mean(wraps) / 17).toBeCloseTo(1, 2);
  expect(variation(wraps)).toBeCloseTo(0.5, 1);
});

test('what one controller dials does not shift what another’s agents talk', () => {
  const one = new DrawnCalls({ ...USUAL_TRAFFIC, answerRate: () => 0.3 }, 7);
  const other = new DrawnCalls({ ...USUAL_TRAFFIC, answerRate: () => 0.6 }, 7);
  for (let call = 0; call < 50; call++) other.ringSec(0);
  expect(one.talkSec(0)).toBe(other.talkSec(0));
  expect(one.wrapUpSec()).toBe(other.wrapUpSec());
});

test('the chance of an answer falls while it rings, as drawn', () => {
  const calls = new DrawnCalls({ ...USUAL_TRAFFIC, answerRate: () => 0.3 }, 7);
  const rings = Array.from({ length: N }, () => calls.ringSec(0));
  const still = rings.filter((sec) => Math.abs(sec) > 12);
  const soon = still.filter((sec) => sec > 0);
  expect(soon.length / still.length).toBeCloseTo(chanceToBeAnswered(0.3, 12), 2);
  expect(chanceToBeAnswered(0.3, 0)).toBeCloseTo(0.3, 2);
  expect(answeredBefore(2)).toBe(0);
  expect(answeredBefore(28)).toBeGreaterThan(0.99);
});
