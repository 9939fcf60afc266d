import type { Moods } from './types.ts';

/** How much better or worse people answer just now than the ring tables say, which remember an hour.
 *
 *  A mood is a factor on the tables. It belongs to the calls dialled in one second: what these do while they ring, each answer and each second without,
 *  is held against every mood; from one second's calls to the next a mood may change. */

/** From a tenth to six times. */
const MOODS = Array.from({ length: 19 }, (_, step) => 0.1 * 1.255 ** step);
/** Before anything is seen all are likely, those near to the tables most. */
const FIRST_GUESS = normalized(MOODS.map((mood) => Math.exp(-(Math.log(mood) ** 2) / 2)));
/** A change to any mood is to be expected so often … */
const ANY_CHANGE_SEC = 3600;
/** … and so often one to a mood that was there within the last hours: who answers differently every twenty minutes has done so before. */
const USUAL = { changeSec: 600, fadeSec: 7200 };
/** What calls do is evidence until they are so old. */
const YOUNG_SEC = 16;
/** A mood is to be feared that was there for this share of the last hours and is so many times as good as the present one … */
const FEARED = { often: 0.1, times: 1.5 };
/** … until what young calls did speaks against it so much: a likelihood of one to twelve, in log odds. Of the youngest it cannot: where the answer rate
 *  jumped, the first answers tell after some seven seconds. */
const SPEAKS_AGAINST = 2.5;
/** That fewer answer is believed so much per second, that more do at once: a lull of four seconds, which chance brings several times a day where three
 *  answer each second, must not set off a thousand calls. */
const FALL_PER_SEC = 0.04;

/** @param ages  seconds of ringing told apart */
export function firstMoods(ages: number): Moods {
  const none = Array<number>(YOUNG_SEC).fill(0);
  return { older: FIRST_GUESS, usual: FIRST_GUESS, expected: none, answers: none, scales: Array<number>(ages).fill(1) };
}

/** One second passes. @param expected  answers that the tables expect in it of the calls of each age */
export function growMoods(moods: Moods, expected: readonly number[]): Moods {
  const last = YOUNG_SEC - 1;
  const older = weighed(changed(moods.older, moods.usual), moods.expected[last] ?? 0, moods.answers[last] ?? 0);
  const grown: Moods = {
    older,
    usual: moods.usual.map((likely, at) => likely + ((older[at] ?? 0) - likely) / USUAL.fadeSec),
    expected: moods.expected.map((_, age) => (moods.expected[age - 1] ?? 0) + (expected[age] ?? 0)),
    answers: [0, ...moods.answers.slice(0, last)],
    scales: moods.scales.map((_, age) => (moods.scales[Math.max(0, age - 1)] ?? 1) * (age < YOUNG_SEC ? 1 - FALL_PER_SEC : 1)),
  };
  return { ...grown, scales: raised(grown) };
}

/** A call of this age was answered. */
export function hearAnswer(moods: Moods, age: number): Moods {
  if (age >= YOUNG_SEC) return moods;
  const heard = { ...moods, answers: moods.answers.with(age, (moods.answers[age] ?? 0) + 1) };
  return { ...heard, scales: raised(heard) };
}

/** Scales by age, none below what the evidence says now. */
function raised(moods: Moods): number[] {
  const scales = moods.scales.slice();
  let likely = moods.older;
  for (let age = YOUNG_SEC - 1; age >= 0; age--) {
    likely = weighed(changed(likely, moods.usual), moods.expected[age] ?? 0, moods.answers[age] ?? 0);
    scales[age] = Math.max(meanOf(likely), scales[age] ?? 0);
  }
  return scales;
}

/** Scales by age, should people by now answer as well as they often did and nobody can know it yet. */
export function fearedScales(moods: Moods): readonly number[] {
  let often = 0;
  const best = MOODS.findLast((_, at) => (often += moods.usual[at] ?? 0) >= FEARED.often) ?? 1;
  const now = meanOf(moods.older);
  if (best <= FEARED.times * now) return moods.scales;
  const sec = unknownFor(moods, now, best);
  return moods.scales.map((scale, age) => (age < sec ? Math.max(scale, best) : scale));
}

/** The longest time ago, in seconds, at which one mood may have changed to another: what the calls dialled since did does not speak against it. */
function unknownFor({ expected, answers }: Moods, from: number, to: number): number {
  let unknown = 0;
  let logOdds = 0;
  for (let age = 0; age < YOUNG_SEC; age++) {
    logOdds += (answers[age] ?? 0) * Math.log(to / from) - (expected[age] ?? 0) * (to - from);
    if (logOdds > -SPEAKS_AGAINST) unknown = age + 1;
  }
  return unknown;
}

/** What is likely of the calls dialled a second later. */
function changed(likely: readonly number[], usual: readonly number[]): number[] {
  return likely.map((before, at) => before + ((FIRST_GUESS[at] ?? 0) - before) / ANY_CHANGE_SEC + ((usual[at] ?? 0) - before) / USUAL.changeSec);
}

/** Held against what calls did of which the tables expected so many answers. */
function weighed(likely: readonly number[], expected: number, answers: number): readonly number[] {
  if (expected === 0 && answers === 0) return likely;
  return normalized(likely.map((before, at) => before * (MOODS[at] ?? 0) ** answers * Math.exp(-expected * (MOODS[at] ?? 0))));
}

function normalized(values: readonly number[]): number[] {
  let sum = 0;
  for (const value of values) sum += value;
  return values.map((value) => value / sum);
}

function meanOf(moods: readonly number[]): number {
  let mean = 0;
  for (let at = 0; at < moods.length; at++) mean += (moods[at] ?? 0) * (MOODS[at] ?? 0);
  return mean;
}
