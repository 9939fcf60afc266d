import { freeWithin, learnTalkEnd, learnWrapEnd, priorAgentTables, seeBusy, TALK_BINS, talkBin, WRAP_BINS, wrapBin, type BusyAgents } from './agent-tables.ts';
import type { AgentTables } from './types.ts';

const PRIOR = priorAgentTables();
const NOBODY: BusyAgents = { talking: Array<number>(TALK_BINS).fill(0), wrapping: Array<number>(WRAP_BINS).fill(0) };

const talking = (agents: number, elapsedSec: number): BusyAgents => ({ ...NOBODY, talking: NOBODY.talking.with(talkBin(elapsedSec), agents) });
const wrapping = (agents: number, elapsedSec: number): BusyAgents => ({ ...NOBODY, wrapping: NOBODY.wrapping.with(wrapBin(elapsedSec), agents) });
/** Wrap-ups that all end in the second after the `at`th. */
const endAt = (at: number): AgentTables => ({ ...PRIOR, wrapSec: PRIOR.wrapSec.map(() => 1), wrapEnds: PRIOR.wrapEnds.map((_, sec) => (sec === at ? 50 : 0)) });

const chance = (tables: AgentTables, busy: BusyAgents, sec: number): number => {
  const [coins, ...others] = freeWithin(tables, busy, sec);
  expect(others).toEqual([]);
  return coins![1];
};

test('talk is told apart by bins, from 0, 3, 6 … to 700 s, wrap-up by seconds up to two minutes', () => {
  expect([-1, 0, 2.9, 3, 59, 60, 519.9, 520, 699, 700, 90_000].map(talkBin)).toEqual([0, 0, 0, 1, 7, 8, 16, 17, 17, 18, 18]);
  expect([-1, 0, 0.9, 1, 118, 119, 500].map(wrapBin)).toEqual([0, 0, 0, 1, 118, 119, 119]);
});

test('one second passes: the agents are seen in their bins, what was seen before fades over four hours', () => {
  const fade = 1 - 1 / 14_400;
  const { talkSec, talkEnds, wrapSec, wrapEnds } = seeBusy(PRIOR, { talking: talking(3, 7).talking, wrapping: wrapping(2, 5).wrapping });
  talkSec.forEach((sec, bin) => expect(sec).toBeCloseTo(600 * fade + (bin === 2 ? 3 : 0), 9));
  wrapSec.forEach((sec, bin) => expect(sec).toBeCloseTo(5 * fade + (bin === 5 ? 2 : 0), 9));
  for (const ends of talkEnds) expect(ends).toBeCloseTo(4 * fade, 9);
  for (const ends of wrapEnds) expect(ends).toBeCloseTo((fade * 5) / 15, 9);
});

test('an end is learned in its bin', () => {
  expect(learnTalkEnd(PRIOR, 31).talkEnds).toEqual(PRIOR.talkEnds.with(6, 5));
  expect(learnWrapEnd(PRIOR, 300).wrapEnds).toEqual(PRIOR.wrapEnds.with(119, 4 / 3));
});

describe('who comes free in time', () => {
  test('nobody, where nobody is busy', () => {
    expect(freeWithin(PRIOR, NOBODY, 10)).toEqual([]);
  });

  test('who talks must end the talk and the wrap-up after it: λ · ∫ (1 − e^(−x/15)) dx · e^(−λ · 10.5 / 2) with λ = 4/600', () => {
    const rate = 4 / 600;
    const wrapped = 10.5 - 15 * (1 - Math.exp(-10.5 / 15));
    expect(freeWithin(PRIOR, talking(3, 25), 10.5)).toEqual([[3, expect.closeTo(rate * wrapped * Math.exp((-rate * 10.5) / 2), 4)]]);
  });

  test('… sooner where talks of that length end more often', () => {
    const often = (ends: number): AgentTables => ({ ...PRIOR, talkEnds: PRIOR.talkEnds.with(talkBin(25), ends) });
    const rate = 60 / 600;
    expect(chance(often(60), talking(1, 25), 10.5)).toBeCloseTo(rate * (10.5 - 15 * (1 - Math.exp(-0.7))) * Math.exp((-rate * 10.5) / 2), 3);
    expect(chance(often(60), talking(1, 35), 10.5)).toBeLessThan(0.03);
  });

  test('… not at all where wrap-ups take longer', () => {
    expect(chance(endAt(20), talking(1, 25), 10.5)).toBe(0);
  });

  test('who wraps up must end that: 1 − e^(−sec/15), however long it has lasted', () => {
    for (const elapsed of [0, 40, 119, 400]) for (const sec of [0.5, 3, 10.5]) expect(chance(PRIOR, wrapping(2, elapsed), sec)).toBeCloseTo(1 - Math.exp(-sec / 15), 2);
  });

  test('… by how far it has come, taken for the middle of its second', () => {
    expect(chance(endAt(10), wrapping(1, 3), 6.4)).toBe(0);
    expect(chance(endAt(10), wrapping(1, 3), 7)).toBeCloseTo(0.5, 9);
    expect(chance(endAt(10), wrapping(1, 3), 7.6)).toBeCloseTo(1, 9);
    expect(freeWithin(endAt(10), { ...NOBODY, wrapping: NOBODY.wrapping.with(3, 2).with(8, 1) }, 3)).toEqual([[2, 0], [1, expect.closeTo(1, 9)]]);
  });

  test('nothing is expected where nothing was ever seen', () => {
    const blank = { ...PRIOR, talkSec: PRIOR.talkSec.map(() => 0), wrapSec: PRIOR.wrapSec.map(() => 0) };
    expect(freeWithin(blank, { ...talking(1, 5), wrapping: wrapping(1, 5).wrapping }, 10)).toEqual([[1, 0], [1, 0]]);
  });
});
