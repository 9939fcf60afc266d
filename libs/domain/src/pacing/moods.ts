import type { Evidence, Moods } from './types.ts';

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
/** … until what young calls did speaks against it so much: a likelihood of one to thirty-three, in log odds. The first answers tell after some seven
 *  seconds; that no more calls fail, or are busy, than where people answer better, tells sooner. */
const SPEAKS_AGAINST = 3.5;
/** So many times as many answers as expected, chance may bring within some seconds: of three expected nine or more come once in a few hundred times. */
const BY_CHANCE = 3;
/** There is always one in twenty who does not answer. */
const LEAST_UNANSWERED = 0.05;
/** That fewer answer is believed so much per second, that more do at once: a lull of four seconds, which chance brings several times a day where three
 *  answer each second, must not set off a thousand calls. */
const FALL_PER_SEC = 0.04;

/** @param ages  seconds of ringing told apart */
export function firstMoods(ages: number): Moods {
  const none = Array<number>(YOUNG_SEC).fill(0);
  const nothing = { expected: none, happened: none };
  return { older: FIRST_GUESS, usual: FIRST_GUESS, answers: nothing, otherEnds: nothing, scales: Array<number>(ages).fill(1) };
}

/** One second passes. @param answers, otherEnds  how many of them the tables expect in it of the calls of each age */
export function growMoods(moods: Moods, answers: readonly number[], otherEnds: readonly number[]): Moods {
  const older = weighed(changed(moods.older, moods.usual), moods.answers, YOUNG_SEC - 1);
  const grown: Moods = {
    older,
    usual: moods.usual.map((likely, at) => likely + ((older[at] ?? 0) - likely) / USUAL.fadeSec),
    answers: grow(moods.answers, answers),
    otherEnds: grow(moods.otherEnds, otherEnds),
    scales: moods.scales.map((_, age) => (moods.scales[Math.max(0, age - 1)] ?? 1) * (age < YOUNG_SEC ? 1 - FALL_PER_SEC : 1)),
  };
  return { ...grown, scales: raised(grown) };
}

/** A call of this age was answered. */
export function hearAnswer(moods: Moods, age: number): Moods {
  if (age >= YOUNG_SEC) return moods;
  const heard = { ...moods, answers: hear(moods.answers, age) };
  return { ...heard, scales: raised(heard) };
}

/** A call of this age ended without an answer. Evidence of what is feared alone: how many answer, answers tell better. */
export function hearOtherEnd(moods: Moods, age: number): Moods {
  return age >= YOUNG_SEC ? moods : { ...moods, otherEnds: hear(moods.otherEnds, age) };
}

const grow = ({ expected, happened }: Evidence, more: readonly number[]): Evidence => ({
  expected: expected.map((_, age) => (expected[age - 1] ?? 0) + (more[age] ?? 0)),
  happened: [0, ...happened.slice(0, -1)],
});

const hear = ({ expected, happened }: Evidence, age: number): Evidence => ({ expected, happened: happened.with(age, (happened[age] ?? 0) + 1) });

/** Scales by age, none below what the evidence says now. */
function raised(moods: Moods): number[] {
  const scales = moods.scales.slice();
  let likely = moods.older;
  for (let age = YOUNG_SEC - 1; age >= 0; age--) {
    likely = weighed(changed(likely, moods.usual), moods.answers, age);
    scales[age] = Math.max(meanOf(likely), scales[age] ?? 0);
  }
  return scales;
}

/** Scales by age, should people by now answer as well as they often did and nobody can know it yet.
 *  @param answered  share of all calls that are answered in the mood of the tables */
export function fearedScales(moods: Moods, answered: number): readonly number[] {
  let often = 0;
  const best = MOODS.findLast((_, at) => (often += moods.usual[at] ?? 0) >= FEARED.often) ?? 1;
  const now = meanOf(moods.older);
  if (best <= FEARED.times * now) return moods.scales;
  const sec = unknownFor(moods, now, best, answered);
  return moods.scales.map((scale, age) => (age < sec ? Math.max(scale, best) : scale));
}

/** Scales by age, should chance have so many more young calls answered than can be expected. Not than in the mood: where chance keeps answers away for
 *  a quarter of a minute the mood falls by half, nearly twice as many calls are placed for it, and there they are when chance turns. */
export function luckyScales({ scales }: Moods): readonly number[] {
  return scales.map((scale, age) => (age < YOUNG_SEC ? Math.max(scale, BY_CHANCE) : scale));
}

/** The longest time ago, in seconds, at which one mood may have changed to another: what the calls dialled since did does not speak against it. */
function unknownFor({ answers, otherEnds }: Moods, from: number, to: number, answered: number): number {
  const unanswered = (mood: number): number => Math.max(LEAST_UNANSWERED, 1 - mood * answered) / Math.max(LEAST_UNANSWERED, 1 - answered);
  let unknown = 0;
  let logOdds = 0;
  for (let age = 0; age < YOUNG_SEC; age++) {
    logOdds += speaksFor(answers, age, from, to) + speaksFor(otherEnds, age, unanswered(from), unanswered(to));
    if (logOdds > -SPEAKS_AGAINST) unknown = age + 1;
  }
  return unknown;
}

/** Log odds for one factor on what the tables expect, against another. */
function speaksFor({ expected, happened }: Evidence, age: number, from: number, to: number): number {
  return (happened[age] ?? 0) * Math.log(to / from) - (expected[age] ?? 0) * (to - from);
}

/** What is likely of the calls dialled a second later. */
function changed(likely: readonly number[], usual: readonly number[]): number[] {
  return likely.map((before, at) => before + ((FIRST_GUESS[at] ?? 0) - before) / ANY_CHANGE_SEC + ((usual[at] ?? 0) - before) / USUAL.changeSec);
}

/** Held against the answers of the calls of one age. */
function weighed(likely: readonly number[], evidence: Evidence, age: number): readonly number[] {
  const expected = evidence.expected[age] ?? 0;
  const answers = evidence.happened[age] ?? 0;
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
