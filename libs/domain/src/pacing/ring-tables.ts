import { firstMoods, growMoods, hearAnswer, hearOtherEnd } from './moods.ts';
import type { PacingState, RingTables } from './types.ts';

/** What is learned of the ringing: how likely a call of each age, in whole seconds, is answered or ends otherwise within the next second. Old calls fade
 *  with a time constant of an hour of dialling; hypotheses of how people answer just now follow what changes sooner. */

const FADE_SEC = 3600;
/** Before anything is seen people are taken to answer nearly always, so that the first dials are one to one. */
const PRIOR = { seen: 8, answersPerSec: 0.06, fromAge: 2 };
/** Calls that must have been seen to grow so old before the tables are held against what people do. Until then they are mostly assumption, which expects
 *  answers in the first seconds, where none can come: the very first dials would look like a list that nobody answers, and hundreds more would follow.
 *  A pool of five that dials less than that within the tables' memory is better off without moods: they would be chance. */
const MOODS_FROM = { calls: 400, age: 12 };
/** Ages kept beyond the ring time-out; a call that still rings in the last ones no longer counts. */
const OVERTIME_SEC = 12;
const GIVEN_UP_BINS = 8;

export const ringBins = (ringTimeoutSec: number): number => Math.ceil(ringTimeoutSec) + OVERTIME_SEC;

export function priorRingTables(ringTimeoutSec: number): RingTables {
  const ages = Array.from({ length: ringBins(ringTimeoutSec) }, (_, age) => age);
  const mayAnswer = (age: number): boolean => age >= PRIOR.fromAge && age < ringTimeoutSec;
  return {
    seen: ages.map(() => PRIOR.seen),
    answers: ages.map((age) => (mayAnswer(age) ? PRIOR.seen * PRIOR.answersPerSec : 0)),
    otherEnds: ages.map(() => 0),
    moods: firstMoods(ages.length),
    prior: 1,
  };
}

/** One second passes: the calls that ring now are seen at their ages.
 *  @returns the tables, and how many answers are expected in this second */
export function seeRinging(tables: RingTables, ringing: readonly number[]): { tables: RingTables; expected: number } {
  const fade = 1 - 1 / FADE_SEC;
  const expectedOf = (ends: readonly number[]): number[] => ringing.map((calls, age) => (calls > 0 ? calls * ratio(ends[age], tables.seen[age]) : 0));
  const answers = expectedOf(tables.answers);
  const moods = knowsMoods(tables) ? growMoods(tables.moods, answers, expectedOf(tables.otherEnds)) : tables.moods;
  let expected = 0;
  answers.forEach((of, age) => void (expected += of * learnedShare(tables, age) * Math.min(1, moods.scales[age] ?? 1)));
  return {
    expected,
    tables: {
      seen: tables.seen.map((before, age) => before * fade + (ringing[age] ?? 0)),
      answers: tables.answers.map((before) => before * fade),
      otherEnds: tables.otherEnds.map((before) => before * fade),
      moods,
      prior: tables.prior * fade,
    },
  };
}

/** How much of what is known of an age was seen and not assumed: the assumption, which expects too much, must not raise an alarm. */
function learnedShare({ seen, prior }: RingTables, age: number): number {
  return 1 - Math.min(1, ratio(PRIOR.seen * prior, seen[age]));
}

/** A call began to ring. */
export function seeDialled(tables: RingTables): RingTables {
  return { ...tables, seen: tables.seen.with(0, (tables.seen[0] ?? 0) + 1) };
}

/** A call stopped ringing. @param age  in whole seconds */
export function learnRingEnd(tables: RingTables, age: number, answered: boolean): RingTables {
  const bin = Math.min(Math.max(0, age), tables.seen.length - 1);
  const plusOne = (bins: readonly number[]): number[] => bins.with(bin, (bins[bin] ?? 0) + 1);
  const learned = answered ? { ...tables, answers: plusOne(tables.answers) } : { ...tables, otherEnds: plusOne(tables.otherEnds) };
  return knowsMoods(tables) ? { ...learned, moods: (answered ? hearAnswer : hearOtherEnd)(tables.moods, bin) } : learned;
}

const knowsMoods = ({ seen }: RingTables): boolean => (seen[MOODS_FROM.age] ?? 0) >= MOODS_FROM.calls;

/** What becomes of a ringing call in its next second, by its age. */
export interface RingOutlook {
  /** chance that it is answered, in the mood of the tables */
  readonly answers: readonly number[];
  /** chance that it ends otherwise */
  readonly otherEnds: readonly number[];
  /** mood of the calls that are of this age now */
  readonly scales: readonly number[];
}

export function ringOutlook({ seen, answers, otherEnds, moods }: RingTables, scales = moods.scales): RingOutlook {
  const givenUp = seen.length - GIVEN_UP_BINS;
  return {
    answers: seen.map((calls, age) => ratio(answers[age], calls)),
    otherEnds: seen.map((calls, age) => (age >= givenUp ? 1 : ratio(otherEnds[age], calls))),
    scales,
  };
}

/** Chance that a call of this age is answered. */
export function answersEventually(outlook: RingOutlook, age: number): number {
  const scale = outlook.scales[age] ?? 1;
  let answered = 0;
  ringOn(outlook, age, scale, (chance) => void (answered += chance));
  return answered;
}

/** Mean time from dialling to the answer, in the mood of the tables. @returns 0 when nobody answers */
export function secondsToAnswer(outlook: RingOutlook): number {
  let answered = 0;
  let seconds = 0;
  ringOn(outlook, 0, 1, (chance, age) => {
    answered += chance;
    seconds += chance * (age + 0.5);
  });
  return ratio(seconds, answered);
}

/** Follows a call from an age to the end of its ringing. @param see  is told the chance that it is answered in each second */
function ringOn({ answers, otherEnds }: RingOutlook, from: number, scale: number, see: (chance: number, age: number) => void): void {
  let rings = 1;
  for (let age = from; age < answers.length && rings > 0; age++) {
    const now = Math.min(0.95, scale * (answers[age] ?? 0));
    see(rings * now, age);
    rings *= 1 - now - Math.min(1 - now, otherEnds[age] ?? 0);
  }
}

/** Share of the calls dialled that are answered, in the mood of the tables. */
export const usuallyAnswered = (tables: RingTables): number => answersEventually(ringOutlook(tables, []), 0);

/** Nothing is known of an age that no call reached. */
const ratio = (part = 0, whole = 0): number => (whole > 1e-9 ? part / whole : 0);

/** @returns ages of the ringing calls, one second on; the last one gathers what is older */
export function growOlder(ringing: PacingState['ringing']): number[] {
  const older = [0, ...ringing.slice(0, -1)];
  const last = older.length - 1;
  older[last] = (older[last] ?? 0) + (ringing[last] ?? 0);
  return older;
}
