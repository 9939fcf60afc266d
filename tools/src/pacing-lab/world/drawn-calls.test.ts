import { answeredBefore, chanceToBeAnswered, DrawnCalls, USUAL_TRAFFIC } from './drawn-calls.ts';

const N = 200_000;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variation = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => value ** 2)) / mean(values) ** 2 - 1);

test('rings, talks and wrap-ups have the means and variations that were asked for', () => {
  const calls = new DrawnCalls({ ...USUAL_TRAFFIC, answerRate: () => 0.3 }, 7);
  const rings = Array.from({ length: N }, () => calls.ringSec(0));
  const answered = rings.filter((sec) => sec > 0);
  expect(answered.length / N).toBeCloseTo(0.3, 2);
  // 2 s + 8 s, less what the ring time-out cuts off
  expect(mean(answered)).toBeCloseTo(9.93, 1);
  expect(Math.min(...answered.slice(0, 50_000))).toBeGreaterThan(2);
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
  // 1 − e⁻³ × (1 + 3 + 4.5)
  expect(answeredBefore(10)).toBeCloseTo(0.57681, 5);
  expect(answeredBefore(28)).toBeGreaterThan(0.99);
});

test('neither does how many answer shift how long they ring, nor the other way round', () => {
  // so short that no ring is cut off
  const drawn = (rate: number): number[] => {
    const calls = new DrawnCalls({ ...USUAL_TRAFFIC, ringMeanSec: 1, answerRate: () => rate }, 7);
    return Array.from({ length: 1000 }, () => calls.ringSec(0));
  };
  const [rare, often] = [drawn(0.3), drawn(0.6)];
  expect(rare.filter((sec, call) => sec > 0 && (often[call] ?? 0) < 0)).toEqual([]);
  const answered = rare.filter((sec) => sec > 0);
  expect(often.filter((sec) => sec > 0).slice(0, answered.length)).toEqual(answered);
});

test('those who answer at 10 % ring as long as all', () => {
  const first = Array.from({ length: 10_000 }, (_, seed) => new DrawnCalls({ ...USUAL_TRAFFIC, answerRate: () => 0.1 }, seed).ringSec(0)).filter((sec) => sec > 0);
  expect(first.length / 10_000).toBeCloseTo(0.1, 1);
  expect(Math.abs(mean(first) - 10)).toBeLessThan(0.5);
});

test('a machine is talked to for 8 s where a person would be for 150, and people’s talks stay as they were', () => {
  const people = new DrawnCalls({ ...USUAL_TRAFFIC, answerRate: () => 0.3 }, 7);
  const mixed = new DrawnCalls({ ...USUAL_TRAFFIC, answerRate: () => 0.3, machineShare: 0.4 }, 7);
  const ratios = Array.from({ length: 50_000 }, () => mixed.talkSec(0) / people.talkSec(0));
  const machines = ratios.filter((ratio) => Math.abs(ratio - 8 / 150) < 1e-9);
  expect(machines.length / ratios.length).toBeCloseTo(0.4, 2);
  expect(ratios.filter((ratio) => ratio === 1).length).toBe(ratios.length - machines.length);
});
