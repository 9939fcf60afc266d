import { answersEventually, growOlder, learnRingEnd, priorRingTables, ringOutlook, secondsToAnswer, seeDialled, seeRinging, usuallyAnswered } from './ring-tables.ts';
import type { RingTables } from './types.ts';

const FRESH = priorRingTables(28);
const BINS = FRESH.seen.length;

/** Calls of which a share is answered, all at the age of 8 s, in steady flow: so many ring at each age. */
function flow(tables: RingTables, seconds: number, perSec: number, share: number): RingTables {
  const ringing = Array.from({ length: BINS }, (_, age) => (age <= 8 ? perSec : age < 28 ? perSec * (1 - share) : 0));
  let learned = tables;
  for (let second = 0; second < seconds; second++) {
    learned = seeRinging(learned, ringing).tables;
    for (let call = 0; call < perSec; call++) learned = seeDialled(learned);
    for (let call = 0; call < perSec; call++) learned = learnRingEnd(learned, call < perSec * share ? 8 : 28, call < perSec * share);
  }
  return learned;
}

/** Five minutes, of which too few calls of twelve seconds are known for moods to change. */
const FIVE_MINUTES = flow(FRESH, 300, 10, 0.3);
const FEW = { ...FIVE_MINUTES, seen: FIVE_MINUTES.seen.with(12, 100) };
/** Answers expected of 100 calls in their ninth second, in a mood. */
const missed = (scale: number): number =>
  seeRinging({ ...FEW, moods: { ...FEW.moods, scales: FEW.moods.scales.map(() => scale) } }, FEW.seen.map((_, age) => (age === 8 ? 100 : 0))).expected;

const newest = ({ moods }: RingTables): number => moods.scales[0]!;

test('knowing nothing, all but nobody answers: 1 − 0.94 ** 26', () => {
  const outlook = ringOutlook(FRESH);
  expect(answersEventually(outlook, 0)).toBeCloseTo(1 - 0.94 ** 26, 9);
  expect(answersEventually(outlook, 20)).toBeCloseTo(1 - 0.94 ** 8, 9);
  expect(answersEventually(outlook, 28)).toBe(0);
});

test('knowing nothing, people answer after the mean of 26 seconds of 0.06 each, cut off: 2 + 0.5 + 0.94 / 0.06 − 26 × 0.94 ** 26 / (1 − 0.94 ** 26)', () => {
  expect(secondsToAnswer(ringOutlook(FRESH))).toBeCloseTo(2.5 + 0.94 / 0.06 - (26 * 0.94 ** 26) / (1 - 0.94 ** 26), 9);
});

test('learns when people answer', () => {
  const outlook = ringOutlook(flow(FRESH, 600, 10, 0.3));
  expect(answersEventually(outlook, 0)).toBeCloseTo(0.3, 1);
  expect(answersEventually(outlook, 9)).toBeLessThan(0.03);
  expect(secondsToAnswer(outlook)).toBeCloseTo(8.5, 0);
});

test('one second passes: calls are seen at their ages, what was seen before fades over an hour', () => {
  const before = { ...FRESH, otherEnds: FRESH.otherEnds.map((_, age) => age / 10) };
  const { tables } = seeRinging(before, FRESH.seen.map((_, age) => (age === 4 ? 3 : 0)));
  const fade = 1 - 1 / 3600;
  tables.seen.forEach((seen, age) => expect(seen).toBeCloseTo(8 * fade + (age === 4 ? 3 : 0), 12));
  tables.answers.forEach((answers, age) => expect(answers).toBeCloseTo(before.answers[age]! * fade, 12));
  tables.otherEnds.forEach((ends, age) => expect(ends).toBeCloseTo((age / 10) * fade, 12));
  expect(tables.prior).toBeCloseTo(fade, 12);
});

test('ringing calls grow older; the last age gathers those that are older still', () => {
  expect(growOlder([4, 3, 2, 1])).toEqual([0, 4, 3, 3]);
});

test('a call that rings on twelve seconds and more after its time is not waited for in its last eight', () => {
  expect(BINS).toBe(40);
  const late = { ...FRESH, answers: FRESH.answers.map(() => 4) };
  expect(answersEventually(ringOutlook(late), 31)).toBeCloseTo(0.5 + 0.5 * 0.5, 12);
  expect(answersEventually(ringOutlook(late), 32)).toBeCloseTo(0.5, 12);
});

test('who answers or ends for certain does not ring on', () => {
  const sure = { ...FRESH, answers: FRESH.answers.map((_, age) => (age === 5 ? 80 : 4)), otherEnds: FRESH.otherEnds.map((_, age) => (age === 5 ? 8 : 0)) };
  expect(answersEventually(ringOutlook(sure), 5)).toBeCloseTo(0.95, 12);
});

test('an end is learned at its age, a late one at the last', () => {
  expect(learnRingEnd(FRESH, 400, false).otherEnds[39]).toBe(1);
  expect(learnRingEnd(FRESH, -1, true).answers[0]).toBe(1);
});

test('where nobody answers there is no time to an answer', () => {
  expect(secondsToAnswer(ringOutlook({ ...FRESH, answers: FRESH.answers.map(() => 0) }))).toBe(0);
});

describe('a change of mood', () => {
  const usual = flow(FRESH, 1200, 10, 0.1);

  test('to better is believed within seconds', () => {
    expect(newest(usual)).toBeCloseTo(1, 0);
    const better = flow(usual, 8, 10, 0.6);
    expect(newest(better)).toBeGreaterThan(3);
    expect(answersEventually(ringOutlook(better), 0)).toBeGreaterThan(0.3);
  });

  test('to worse by four per cent a second', () => {
    const silent = seeRinging(usual, usual.seen.map(() => 1000)).tables;
    expect(newest(silent)).toBeCloseTo(newest(usual) * 0.96, 9);
    expect(newest(flow(usual, 120, 10, 0))).toBeLessThan(0.25);
  });

  test('is not looked for before 400 calls have rung for twelve seconds', () => {
    const twice = (calls: number): RingTables => {
      const ringing = Array<number>(BINS).fill(calls);
      return seeRinging(seeRinging(FRESH, ringing).tables, ringing).tables;
    };
    expect(newest(twice(391))).toBe(1);
    expect(newest(twice(393))).toBeLessThan(1);
  });
});

test('answers that were only assumed are not missed', () => {
  expect(seeRinging(FRESH, FRESH.seen.map(() => 5)).expected).toBe(0);
  // 3 of 10 each second, less what was assumed of the first eight seen.
  const share = 1 - (8 * FEW.prior) / FEW.seen[8]!;
  expect(missed(1)).toBeCloseTo((100 * share * FEW.answers[8]!) / FEW.seen[8]!, 9);
  expect(missed(1)).toBeCloseTo(30, 0);
});

test('in a bad mood fewer answers are missed, in a good one no more', () => {
  expect(missed(0.5)).toBeCloseTo(missed(1) / 2, 9);
  expect(missed(4)).toBeCloseTo(missed(1), 9);
});

test('calls that end without an answer are held against what is feared, as soon as moods are known', () => {
  const usual = flow(FRESH, 1200, 10, 0.1);
  const failed = learnRingEnd(usual, 1, false);
  expect(failed.moods.otherEnds.happened[1]).toBe(1);
  expect(failed.moods.scales).toBe(usual.moods.scales);
  const seen = seeRinging(failed, usual.seen.map((_, age) => (age === 1 ? 1000 : 0))).tables;
  expect(seen.moods.otherEnds.expected[1]).toBeCloseTo((1000 * failed.otherEnds[1]!) / failed.seen[1]!, 6);
  expect(learnRingEnd(FRESH, 1, false).moods).toBe(FRESH.moods);
});

test('how many usually answer does not depend on the mood', () => {
  const usual = flow(FRESH, 1200, 10, 0.1);
  expect(usuallyAnswered({ ...usual, moods: { ...usual.moods, scales: usual.moods.scales.map(() => 5) } })).toBeCloseTo(0.1, 1);
});
