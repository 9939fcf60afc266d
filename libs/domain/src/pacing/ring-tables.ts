import type { PacingState, RingTables } from './types.ts';

/** What is learned of the ringing: how likely a call of each age, in whole seconds, is answered or ends otherwise within the next second. Old calls fade
 *  with a time constant of an hour of dialling; hypotheses of how people answer just now follow what changes sooner. */

const FADE_SEC = 3600;
/** Before anything is seen people are taken to answer nearly always, so that the first dials are one to one. */
const PRIOR = { seen: 8, answersPerSec: 0.06, fromAge: 2 };
/** How much better people may answer now than the tables say: hypotheses from a tenth to six times, held against each answer and each second without. */
const MOODS = Array.from({ length: 19 }, (_, step) => 0.1 * 1.255 ** step);
/** Before anything is seen, and after a change, all are likely, those near to the tables most. */
const FIRST_GUESS = normalized(MOODS.map((mood) => Math.exp(-(Math.log(mood) ** 2) / 2)));
/** A change is to be expected so often. */
const CHANGE_EVERY_SEC = 3600;
/** That fewer answer is believed so much per second, that more do at once: a lull of four seconds, which chance brings several times a day where three
 *  answer each second, must not set off a thousand calls. */
const MOOD_FALL_PER_SEC = 0.02;
/** Only what calls younger than this do is evidence: older ones were dialled in another mood. */
const YOUNG_SEC = 12;
/** Calls that must have been seen to grow so old before the tables are held against what people do. Until then they are mostly assumption, which expects
 *  answers in the first seconds, where none can come: the very first dials would look like a list that nobody answers, and hundreds more would follow.
 *  A pool of five that dials less than that within the tables' memory is better off without moods: they would be chance. */
const MOODS_FROM_CALLS = 200;
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
    moods: FIRST_GUESS,
    scale: 1,
    prior: 1,
  };
}

/** One second passes: the calls that ring now are seen at their ages.
 *  @returns the tables, and how many answers are expected in this second */
export function seeRinging(tables: RingTables, ringing: readonly number[]): { tables: RingTables; expected: number } {
  const fade = 1 - 1 / FADE_SEC;
  let expected = 0;
  let ofYoung = 0;
  const seen = tables.seen.map((before, age) => {
    const now = ringing[age] ?? 0;
    if (now > 0) {
      const answers = now * ratio(tables.answers[age], before);
      expected += answers * learnedShare(tables, age);
      if (age < YOUNG_SEC) ofYoung += answers;
    }
    return before * fade + now;
  });
  const moods = knowsMoods(tables) ? silentSecond(tables.moods, ofYoung) : tables.moods;
  return {
    expected: expected * Math.min(1, tables.scale),
    tables: {
      seen,
      answers: tables.answers.map((before) => before * fade),
      otherEnds: tables.otherEnds.map((before) => before * fade),
      moods,
      scale: knowsMoods(tables) ? Math.max(meanOf(moods), tables.scale * (1 - MOOD_FALL_PER_SEC)) : 1,
      prior: tables.prior * fade,
    },
  };
}

/** A second in which `expected` young calls should have been answered makes high moods less likely; those that were follow one by one. */
function silentSecond(moods: readonly number[], expected: number): number[] {
  return normalized(moods.map((likely, at) => (likely + ((FIRST_GUESS[at] ?? 0) - likely) / CHANGE_EVERY_SEC) * Math.exp(-expected * (MOODS[at] ?? 0))));
}

function normalized(values: readonly number[]): number[] {
  let sum = 0;
  for (const value of values) sum += value;
  return values.map((value) => value / sum);
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
  if (!answered) return { ...tables, otherEnds: plusOne(tables.otherEnds) };
  const learned = { ...tables, answers: plusOne(tables.answers) };
  if (!knowsMoods(tables) || age >= YOUNG_SEC) return learned;
  const moods = normalized(tables.moods.map((likely, at) => likely * (MOODS[at] ?? 0)));
  return { ...learned, moods, scale: Math.max(meanOf(moods), tables.scale) };
}

const knowsMoods = ({ seen }: RingTables): boolean => (seen[YOUNG_SEC] ?? 0) >= MOODS_FROM_CALLS;

function meanOf(moods: readonly number[]): number {
  let mean = 0;
  for (let at = 0; at < moods.length; at++) mean += (moods[at] ?? 0) * (MOODS[at] ?? 0);
  return mean;
}

export interface RingOutlook {
  /** chance that a call still rings at this age; one more than there are ages */
  readonly ringsStill: readonly number[];
  /** chance that it was answered before this age */
  readonly answeredBefore: readonly number[];
}

/** What becomes of a call that is dialled now. */
export function ringOutlook(tables: RingTables): RingOutlook {
  const givenUp = tables.seen.length - GIVEN_UP_BINS;
  const ringsStill = [1];
  const answeredBefore = [0];
  let rings = 1;
  let answered = 0;
  for (let age = 0; age < tables.seen.length; age++) {
    const seen = tables.seen[age];
    const answers = Math.min(0.95, tables.scale * ratio(tables.answers[age], seen));
    const ends = age >= givenUp ? 1 - answers : Math.min(1 - answers, ratio(tables.otherEnds[age], seen));
    answered += rings * answers;
    rings *= 1 - answers - ends;
    ringsStill.push(rings);
    answeredBefore.push(answered);
  }
  return { ringsStill, answeredBefore };
}

/** Chance that a call of this age is answered. */
export function answersEventually({ ringsStill, answeredBefore }: RingOutlook, age: number): number {
  const rings = ringsStill[age] ?? 0;
  if (rings <= 1e-12) return 0;
  return Math.min(1, Math.max(0, ((answeredBefore.at(-1) ?? 0) - (answeredBefore[age] ?? 0)) / rings));
}

/** Nothing is known of an age that no call reached. */
const ratio = (part = 0, whole = 0): number => (whole > 1e-9 ? part / whole : 0);

/** @returns ages of the ringing calls, one second on; the last one gathers what is older */
export function growOlder(ringing: PacingState['ringing']): number[] {
  const older = [0, ...ringing.slice(0, -1)];
  const last = older.length - 1;
  older[last] = (older[last] ?? 0) + (ringing[last] ?? 0);
  return older;
}
