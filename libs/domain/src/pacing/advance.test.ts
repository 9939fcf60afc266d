import { advance } from './advance.ts';
import { callsToStart, createState, type PacingEvent, type PacingState } from './index.ts';
import { after, agentsIn, answeredRounds, dials } from './testing/drive.ts';

const n = (state: PacingState, now: number): number => callsToStart(state, now).n;

test('the clock counts whole seconds, from the first event on, and never goes back', () => {
  const fresh = createState({ mode: 'predictive' });
  expect([-3.2, 0, 5.7, 1_800_000_000.9].map((now) => advance(fresh, now).clock)).toEqual([-4, 0, 5, 1_800_000_000]);
  const later = advance(advance(fresh, 100), 107.9);
  expect(later.clock).toBe(107);
  expect(advance(later, 107.1)).toBe(later);
  expect(advance(later, 3)).toBe(later);
});

test('what rings grows older by a second in each', () => {
  const { ringing } = advance(after({ mode: 'predictive' }, [...dials(3, 10), ...dials(2, 12, { from: 4 })]), 15);
  expect(ringing.flatMap((calls, age) => (calls > 0 ? [[age, calls]] : []))).toEqual([[3, 2], [5, 3]]);
});

test('calls that ring for minutes are of their age, even when nothing was told meanwhile', () => {
  const state = after({ mode: 'predictive', ringTimeoutSec: 300 }, [...dials(3, 0), ...dials(3, 0).map(({ callId }) => ({ type: 'ringEnd' as const, at: 250, callId }))]);
  expect(state.ringing.every((calls) => calls === 0)).toBe(true);
  expect(state.ringTables.otherEnds[250]).toBe(3);
});

test('agents are learned of while any is busy, those too who leave after their call', () => {
  const talking = after({ mode: 'predictive' }, [...agentsIn(1), ...answeredRounds(1).slice(0, 3)]);
  const leaving = after(talking, [{ type: 'agentLeaving', at: 11, agentId: 'a1' }]);
  expect(advance(leaving, 40).agentTables).toEqual(advance(talking, 40).agentTables);
  expect(advance(talking, 12).agentTables.talkSec[0]).toBeCloseTo(600 * (1 - 1 / 14_400) ** 2 + 2, 2);
  const over = after(talking, answeredRounds(1).slice(3));
  expect(advance(over, 150).agentTables).toBe(over.agentTables);
});

test('after a longer gap two minutes are made up for', () => {
  const talking = after({ mode: 'predictive' }, [...agentsIn(1), ...answeredRounds(1).slice(0, 3)]);
  const late = advance(talking, 10_000);
  expect(late.clock).toBe(10_000);
  expect(late.agentTables.talkEnds[0]).toBeCloseTo(4 * (1 - 1 / 14_400) ** 120, 9);
});

describe('a call whose end is never told gives its line back', () => {
  const CONFIG = { mode: 'progressive', maxChannels: 2, ringTimeoutSec: 60 } as const;

  test('when it rings, a minute after it should have ended, and was not answered', () => {
    const ringing = after(CONFIG, [...agentsIn(2), ...dials(2, 0)]);
    expect([120, 179, 180].map((now) => n(ringing, now))).toEqual([0, 0, 2]);
    const { budgets, ringTables, ringing: ages } = callsToStart(after(ringing, [{ type: 'agentData', at: 100 }]), 180).state;
    expect(budgets[0]?.window.total).toBe(0);
    expect(Math.max(...ringTables.otherEnds)).toBe(2);
    expect(ages.every((calls) => calls === 0)).toBe(true);
  });

  test('when it waits', () => {
    const waiting = after(CONFIG, [...agentsIn(2), ...dials(2, 0), { type: 'ringEnd', at: 9, callId: 'c1', answered: true }, { type: 'ringEnd', at: 9, callId: 'c2', answered: true }]);
    expect([71, 119, 120].map((now) => n(waiting, now))).toEqual([0, 0, 2]);
    expect(callsToStart(waiting, 120).state.budgets[0]?.window).toMatchObject({ total: 2, hits: 0 });
  });

  const HOURS = [1_800, 3_600, 5_400, 7_200, 7_201, 7_260];
  const through = (state: PacingState, times: readonly number[]): PacingState => times.reduce(advance, state);

  test('when it is talked, or came from outside and waits, after two hours', () => {
    const talks = after({ mode: 'progressive' }, [...agentsIn(3), { type: 'inbound', at: 0, callId: 'in' }, ...dials(1, 0), { type: 'connect', at: 0, callId: 'c1', agentId: 'nobody' }]);
    expect(through(talks, HOURS.slice(0, 4)).lines).toMatchObject([{ talking: 1 }, { waiting: 1 }]);
    expect(n(through(talks, HOURS.slice(0, 4)), 7_200)).toBe(2);
    expect(through(talks, HOURS).lines).toMatchObject([{ talking: 0 }, { waiting: 0 }]);
  });

  test('when it listens to an announcement, after two hours', () => {
    const listens = after({ mode: 'agentless', maxChannels: 1 }, [...dials(1, 0), { type: 'ringEnd', at: 0, callId: 'c1', answered: true }]);
    expect([n(through(listens, HOURS.slice(0, 4)), 7_200), n(through(listens, HOURS), 7_260)]).toEqual([0, 1]);
  });
});

test('whose turn it was is forgotten within minutes', () => {
  const shared = { mode: 'progressive', campaigns: [{ id: 'x' }, { id: 'y' }] } as const;
  const ends = (calls: PacingEvent[]): PacingEvent[] => calls.map(({ callId }) => ({ type: 'ringEnd', at: 1, callId }));
  const state = after(shared, [...agentsIn(4), ...dials(9, 0, { campaignId: 'x' }), ...ends(dials(9, 0))]);
  expect(callsToStart(state, 1).byCampaign).toEqual({ x: 0, y: 4 });
  expect(advance(state, 101).lines[0]?.recent).toBeCloseTo(9 * (1 - 1 / 300) ** 101, 9);
  const later = [100, 200, 300, 400, 500, 600, 700, 800, 900].reduce(advance, state);
  expect(callsToStart(later, 900).byCampaign).toEqual({ x: 2, y: 2 });
});
