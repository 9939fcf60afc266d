import { fearedScales, firstMoods, growMoods, hearAnswer, hearOtherEnd, luckyScales } from './moods.ts';
import type { Moods } from './types.ts';

const AGES = 40;
/** Answers that the tables expect each second of the calls of each age: six calls a second, of which 0.3 are answered between the 5th and the 15th second. */
const EXPECTED = Array.from({ length: AGES }, (_, age) => (age >= 5 && age < 15 ? 0.18 : 0));

/** … and that other calls end at once: 30 % of those not answered fail within their first second. */
const FAILING = Array.from({ length: AGES }, (_, age) => (age === 1 ? 1.26 : 0));
const ANSWERED = 0.3;

/** So many seconds in a mood, in which every call answers as often as that says, at the age of ten. */
function live(moods: Moods, seconds: number, mood: number, failing?: number): Moods {
  let lived = moods;
  let due = 0;
  let fails = 0;
  for (let second = 0; second < seconds; second++) {
    lived = growMoods(lived, EXPECTED, FAILING);
    for (due += 1.8 * mood; due >= 1; due--) lived = hearAnswer(lived, 10);
    for (fails += failing ?? unanswered(mood); fails >= 1; fails--) lived = hearOtherEnd(lived, 1);
  }
  return lived;
}

/** Calls that fail in a second. */
const unanswered = (mood: number): number => (1.26 * (1 - ANSWERED * mood)) / (1 - ANSWERED);

const steady = live(firstMoods(AGES), 4 * 3600, 1);
const changing = [0.3, 1.7, 0.3, 1.7, 0.3, 1.7, 0.3].reduce((moods, mood) => live(moods, 1200, mood), firstMoods(AGES));

test('where nothing changes the tables are right, and no other mood is feared', () => {
  for (const scale of steady.scales) expect(scale).toBeCloseTo(1, 0);
  expect(fearedScales(steady, ANSWERED)).toBe(steady.scales);
});

test('where people answered better before, that is feared of the calls of which nothing can be known yet', () => {
  expect(changing.scales[0]).toBeLessThan(0.5);
  const feared = fearedScales(changing, ANSWERED);
  expect(feared[0]).toBeGreaterThan(1.5);
  expect(unknownIn(changing)).toBe(7);
  expect(feared.slice(7)).toEqual(changing.scales.slice(7));
});

test('… and of older ones when they were answered as they would be then', () => {
  expect(unknownIn(hearAnswer(changing, 6))).toBeGreaterThan(7);
});

test('… and of older ones when as few of them fail as would then, though none is answered', () => {
  expect(unknownIn(live(changing, 6, 0.3, unanswered(1.7)))).toBeGreaterThan(unknownIn(live(changing, 6, 0.3)));
});

test('… but not when it was only a fifth better', () => {
  const best = (at: number): Moods => ({ ...steady, usual: steady.usual.map((_, mood) => (mood === at ? 1 : 0)) });
  // The moods are 0.1 × 1.255 ** at: 1.2 and 1.9 times the tables.
  expect(fearedScales(best(11), ANSWERED)).toBe(steady.scales);
  expect(fearedScales(best(13), ANSWERED)[0]).toBeCloseTo(0.1 * 1.255 ** 13, 9);
});

test('… where all would answer then: one who does not is no evidence against it, two are', () => {
  const nothing = { expected: changing.answers.expected.map(() => 0), happened: changing.answers.happened.map(() => 0) };
  const one = hearOtherEnd({ ...changing, answers: nothing, otherEnds: nothing }, 1);
  const feared = (moods: Moods): number => fearedScales(moods, 0.6).filter((scale) => scale > 1.5).length;
  expect(feared(one)).toBe(16);
  expect(feared(hearOtherEnd(one, 1))).toBe(1);
});

/** Of how many seconds' calls the better mood is feared. */
function unknownIn(moods: Moods): number {
  const feared = fearedScales(moods, ANSWERED);
  return feared.findIndex((scale) => scale !== feared[0]);
}

test('what was there before is believed from fewer answers', () => {
  const afterAnswers = (moods: Moods): number => [4, 5, 6, 6].reduce(hearAnswer, growMoods(moods, EXPECTED, FAILING)).scales[0] ?? 0;
  expect(afterAnswers(changing)).toBeGreaterThan(1.2 * afterAnswers({ ...changing, usual: steady.usual }));
});

test('calls keep the mood in which they were dialled', () => {
  const heard = [3, 4, 4, 5].reduce(hearAnswer, live(changing, 9, 0.3));
  expect(heard.scales[0]).toBeGreaterThan(1);
  expect(heard.scales[15]).toBeLessThan(0.7);
});

test('what becomes of a call too old to tell changes nothing', () => {
  expect(hearAnswer(steady, 16)).toBe(steady);
  expect(hearOtherEnd(steady, 16)).toBe(steady);
});

test('what is expected and what happened grows older with the calls', () => {
  const twice = hearAnswer(growMoods(hearAnswer(growMoods(firstMoods(AGES), EXPECTED, FAILING), 6), EXPECTED, FAILING), 9);
  const at = (ages: Readonly<Record<number, number>>): number[] => Array.from({ length: 16 }, (_, age) => ages[age] ?? 0);
  expect(twice.answers.expected).toEqual(at({ ...Object.fromEntries([6, 7, 8, 9, 10, 11, 12, 13, 14].map((age) => [age, 0.36])), 5: 0.18, 15: 0.18 }));
  expect(twice.answers.happened).toEqual(at({ 7: 1, 9: 1 }));
  expect(twice.otherEnds.expected).toEqual(at({ 1: 1.26, 2: 1.26 }));
});

test('while nothing rings what is likely stays a chance, and goes back to what was usual', () => {
  const none = EXPECTED.map(() => 0);
  const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0);
  const quiet = (seconds: number): Moods => Array.from({ length: seconds }).reduce<Moods>((moods) => growMoods(moods, none, none), live(steady, 120, 0.2));
  const later = quiet(1800);
  expect(sum(later.older)).toBeCloseTo(1, 9);
  expect(sum(later.usual)).toBeCloseTo(1, 9);
  expect(quiet(0).scales[0]).toBeLessThan(0.3);
  expect(later.scales[0]).toBeGreaterThan(0.8);
  expect(later.scales[0]).toBeLessThan(1.2);
});

test('calls of an age that tells nothing any more keep their mood when younger ones are answered', () => {
  const before = live(changing, 3, 0.3);
  const heard = [5, 5, 5, 6, 6, 6].reduce(hearAnswer, before);
  expect(heard.scales[4]).toBeGreaterThan(1);
  expect(heard.scales.slice(16)).toEqual(before.scales.slice(16));
});

test('chance may have three times as many young calls answered as the tables say, whatever the mood', () => {
  expect(luckyScales(changing)).toEqual([...Array<number>(16).fill(3), ...changing.scales.slice(16)]);
  expect(luckyScales({ ...steady, scales: [4, 1] })).toEqual([4, 3]);
});
