import { callsToStart, createState, type PacingEvent, type PacingState } from './index.ts';
import { advance } from './advance.ts';
import { legalCount } from './budget.ts';
import { after, agentsIn, answeredRounds, dials } from './testing/drive.ts';

const PROGRESSIVE = { mode: 'progressive' } as const;
const PREDICTIVE = { mode: 'predictive' } as const;

const lines = (state: PacingState, campaign = 0) => {
  const { ringing, waiting, talking, orders } = state.lines[campaign]!;
  return { ringing, waiting, talking, ordered: orders.reduce((sum, [, ordered]) => sum + ordered, 0) };
};
const NONE = { ringing: 0, waiting: 0, talking: 0, ordered: 0 };
const n = (state: PacingState, now: number): number => callsToStart(state, now).n;

test('a call goes through ringing, waiting and talking, and its agent through talk and wrap-up', () => {
  const ringing = after(PROGRESSIVE, [...agentsIn(2), ...dials(2, 0)]);
  expect(lines(ringing)).toEqual({ ...NONE, ringing: 2 });
  const waiting = after(ringing, [{ type: 'ringEnd', at: 8, callId: 'c1', answered: true }, { type: 'ringEnd', at: 9, callId: 'c2' }]);
  expect(lines(waiting)).toEqual({ ...NONE, waiting: 1 });
  expect(n(waiting, 9)).toBe(1);
  const talking = after(waiting, [{ type: 'connect', at: 9, callId: 'c1', agentId: 'a1' }]);
  expect(lines(talking)).toEqual({ ...NONE, talking: 1 });
  expect(n(talking, 9)).toBe(1);
  const wrapping = after(talking, [{ type: 'talkEnd', at: 100, callId: 'c1', agentId: 'a1' }]);
  expect(lines(wrapping)).toEqual(NONE);
  expect(n(wrapping, 100)).toBe(1);
  expect(n(after(wrapping, [{ type: 'wrapEnd', at: 110, agentId: 'a1' }]), 110)).toBe(2);
});

describe('orders', () => {
  const ordered = after(PROGRESSIVE, [...agentsIn(9), { type: 'order', at: 0, n: 2 }, { type: 'order', at: 0 }, { type: 'order', at: 1.5, n: 4 }]);

  test('count until they are dialled or void', () => {
    expect(n(ordered, 1.5)).toBe(2);
    expect(ordered.lines[0]?.orders).toEqual([[0, 3], [1, 4]]);
    const dialled = after(ordered, dials(5, 2));
    expect(lines(dialled)).toEqual({ ...NONE, ringing: 5, ordered: 2 });
    expect(lines(after(dialled, [{ type: 'orderVoid', at: 2 }]))).toEqual({ ...NONE, ringing: 5, ordered: 1 });
    expect(n(after(dialled, [{ type: 'orderVoid', at: 2, n: 7 }]), 2)).toBe(4);
    const none = after(PROGRESSIVE, dials(1, 0));
    expect(after(none, [{ type: 'orderVoid', at: 0 }])).toEqual(none);
  });

  test('the oldest first; those that nobody carried out are lost after a minute', () => {
    const dialled = after(ordered, dials(5, 2));
    expect(dialled.lines[0]?.orders).toEqual([[1, 2]]);
    expect([61, 62].map((now) => lines(advance(dialled, now)).ordered)).toEqual([2, 0]);
  });
});

test('callers from outside wait for the same agents', () => {
  const state = after(PROGRESSIVE, [...agentsIn(3), { type: 'inbound', at: 0, callId: 'in' }]);
  expect(n(state, 0)).toBe(2);
  const { level } = after(PREDICTIVE, [...agentsIn(3), { type: 'inbound', at: 0, callId: 'in' }, { type: 'abandon', at: 9, callId: 'in' }]).budgets[0] ?? {};
  expect(level).toBe(-3);
});

describe('calls that need no agent', () => {
  const MIXED = { mode: 'predictive', campaigns: [{ id: 'x' }, { id: 'ivr', mode: 'agentless', maxChannels: 300 }] } as const;

  test('tell nothing of those that do, ringing, answered or not', () => {
    const quiet = after(MIXED, agentsIn(20));
    const ends = dials(250, 0).map(({ callId }, index) => ({ type: 'ringEnd' as const, at: 9, callId, answered: index < 20 }));
    const told = after(quiet, [...dials(250, 0, { campaignId: 'ivr' }), ...ends]);
    const { n: calls, byCampaign, alarm } = callsToStart(told, 9);
    expect({ calls, x: byCampaign['x'], alarm }).toEqual({ calls: 280 + callsToStart(quiet, 0).byCampaign['x']!, x: callsToStart(quiet, 0).byCampaign['x'], alarm: undefined });
    expect({ ...told, calls: 0, lines: 0, budgets: 0 }).toEqual({ ...quiet, clock: 9, calls: 0, lines: 0, budgets: 0 });
  });

  test('hold their lines until their end is told', () => {
    const listening = after({ mode: 'agentless', maxChannels: 3 }, [...dials(2, 0), ...dials(2, 0).map(({ callId }) => ({ type: 'ringEnd' as const, at: 5, callId, answered: true }))]);
    expect(n(listening, 900)).toBe(1);
    expect(n(after(listening, [{ type: 'talkEnd', at: 900, callId: 'c1' }, { type: 'callerGone', at: 900, callId: 'c2' }]), 900)).toBe(3);
  });
});

describe('agents', () => {
  const talking = after(PROGRESSIVE, [...agentsIn(2), ...answeredRounds(1).slice(0, 3)]);

  test('leave after their call, or at once when they have none', () => {
    const leaving = after(talking, [{ type: 'agentLeaving', at: 20, agentId: 'a1' }, { type: 'agentLeaving', at: 20, agentId: 'a2' }]);
    expect(leaving.agents.size).toBe(1);
    const gone = after(leaving, [{ type: 'talkEnd', at: 30, agentId: 'a1' }, { type: 'wrapEnd', at: 40, agentId: 'a1' }]);
    expect(gone.agents.size).toBe(0);
  });

  test('who stays after all is not leaving', () => {
    const back = after(talking, [{ type: 'agentLeaving', at: 20, agentId: 'a1' }, { type: 'agentIn', at: 21, agentId: 'a1' }]);
    expect(n(after(back, [{ type: 'talkEnd', at: 30, agentId: 'a1' }, { type: 'wrapEnd', at: 40, agentId: 'a1' }]), 40)).toBe(2);
  });

  test('who is lost in mid-call takes the call along', () => {
    const lost = after(talking, [{ type: 'agentOut', at: 20, agentId: 'a1' }]);
    expect(lines(lost)).toEqual(NONE);
    expect(n(lost, 20)).toBe(1);
  });

  test('are found by their call where nobody names them', () => {
    const ended = after(talking, [{ type: 'talkEnd', at: 70, callId: 'round-0' }, { type: 'wrapEnd', at: 80, callId: 'round-0' }]);
    expect(n(ended, 80)).toBe(2);
  });

  test('who is connected again without an end told is done with the former call', () => {
    const next = after(talking, [...dials(1, 50), { type: 'connect', at: 60, callId: 'c1', agentId: 'a1' }]);
    expect(lines(next)).toEqual({ ...NONE, talking: 1 });
    expect(n(after(next, [{ type: 'wrapEnd', at: 90, agentId: 'a1' }]), 90)).toBe(2);
  });

  test('whom nobody knows talk all the same', () => {
    for (const agentId of ['stranger', undefined]) {
      const talks = after(PROGRESSIVE, [...agentsIn(1), ...dials(1, 0), { type: 'connect', at: 9, callId: 'c1', agentId }]);
      expect(lines(talks)).toEqual({ ...NONE, talking: 1 });
      expect(n(talks, 9)).toBe(1);
      expect(talks.agents.size).toBe(1);
      expect(lines(after(talks, [{ type: 'talkEnd', at: 99, callId: 'c1' }]))).toEqual(NONE);
      expect(lines(after(talks, [{ type: 'agentIn', at: 10, agentId: 'late' }, { type: 'talkEnd', at: 99, callId: 'c1', agentId: 'late' }]))).toEqual(NONE);
    }
  });

  test('are left alone by what is told late, or again, of an earlier call', () => {
    const first = answeredRounds(1);
    const next = after(after(PROGRESSIVE, [...agentsIn(2), ...first]), [...dials(1, 81), { type: 'connect', at: 85, callId: 'c1', agentId: 'a1' }]);
    const ends = first.slice(3).map((event) => ({ ...event, at: 90, callId: 'round-0' }));
    expect(after(next, [...first.slice(2), ...ends]).agents).toEqual(next.agents);
    expect(lines(after(next, first.slice(1)))).toEqual({ ...NONE, talking: 1 });
    const idle = after(next, [{ type: 'wrapEnd', at: 95, callId: 'c1', agentId: 'a1' }]);
    expect(n(after(idle, first.slice(2, 3)), 95)).toBe(2);
  });

  test('may talk a call that nobody told of', () => {
    const talks = after(PROGRESSIVE, [...agentsIn(2), { type: 'connect', at: 9, callId: 'from elsewhere', agentId: 'a1' }]);
    expect(n(talks, 9)).toBe(1);
  });

  test('teach nothing by a step that was not told', () => {
    const { agentTables } = after(talking, [{ type: 'wrapEnd', at: 40, agentId: 'a1' }]);
    expect(Math.max(...agentTables.wrapEnds)).toBeLessThanOrEqual(1 / 3);
    expect(Math.max(...agentTables.talkEnds)).toBeLessThanOrEqual(4);
  });
});

describe('the budget', () => {
  const answered: PacingEvent[] = [...agentsIn(1), ...dials(1, 0), { type: 'ringEnd', at: 10, callId: 'c1', answered: true }];

  test('an answer pays in 0.0268, for a small pool 0.3 times that in log odds', () => {
    const [budget] = after(PREDICTIVE, answered).budgets;
    expect(budget?.level).toBeCloseTo(-3 + 0.3 * 0.0268, 12);
    expect(budget?.bucket).toBeCloseTo(0.0268, 12);
  });

  test('… and a fifth of that in log odds while fewer calls are placed than the risk allows', () => {
    const [budget] = after({ ...createState(PREDICTIVE), heldBack: true }, answered).budgets;
    expect(budget?.level).toBeCloseTo(-3 + 0.2 * 0.3 * 0.0268, 12);
    expect(budget?.bucket).toBeCloseTo(0.0268, 12);
  });

  test('no more is saved than two people and a tenth of the agents', () => {
    const rich = createState(PREDICTIVE);
    const [budget] = after({ ...rich, budgets: [{ ...rich.budgets[0]!, bucket: 2.39 }] }, [...agentsIn(4), ...answered]).budgets;
    expect(budget?.bucket).toBeCloseTo(2.4, 12);
  });

  test('an abandonment takes out one, for 100 agents a tenth in log odds', () => {
    const [budget] = after(PREDICTIVE, [...agentsIn(100), ...answered, { type: 'abandon', at: 12, callId: 'c1' }]).budgets;
    expect(budget?.level).toBeCloseTo(-3 + 0.1 * 0.0268 - 0.1, 12);
    expect(budget?.bucket).toBeCloseTo(-0.9732, 12);
  });

  test('who hangs up within the grace has answered and was not abandoned', () => {
    const gone = after(PREDICTIVE, [...answered, { type: 'callerGone', at: 11, callId: 'c1' }]);
    const left = after(PREDICTIVE, [...answered, { type: 'abandon', at: 12, callId: 'c1' }]);
    const counted = (state: PacingState) => legalCount(state.budgets[0]!, state.campaigns[0]!, 20);
    expect(counted(gone)).toMatchObject({ total: 1, hits: 0 });
    expect(counted(left)).toMatchObject({ total: 1, hits: 1 });
    expect(lines(gone)).toEqual(NONE);
  });

  test('is each campaign’s own', () => {
    const two = { mode: 'predictive', campaigns: [{ id: 'x' }, { id: 'y', abandonLimit: 0.015 }] } as const;
    const state = after(two, [...agentsIn(2), ...dials(1, 0, { campaignId: 'y' }), { type: 'ringEnd', at: 5, callId: 'c1', answered: true }]);
    expect(state.budgets[0]?.level).toBe(-3);
    expect(state.budgets[1]?.level).toBeCloseTo(-3 + 0.3 * 0.0134, 12);
  });
});

describe('what was learned', () => {
  test('of ringing: seen in each second, answered in the tenth', () => {
    const { ringTables } = after(PREDICTIVE, [...agentsIn(1), ...dials(1, 0), { type: 'ringEnd', at: 10.5, callId: 'c1', answered: true }]);
    const fade = 1 - 1 / 3600;
    expect(ringTables.seen[0]).toBeCloseTo(9 * fade ** 10, 9);
    expect(ringTables.seen[3]).toBeCloseTo((8 * fade ** 3 + 1) * fade ** 7, 9);
    expect(ringTables.seen[11]).toBeCloseTo(8 * fade ** 10, 9);
    expect(ringTables.answers[10]).toBeCloseTo(0.48 * fade ** 10 + 1, 9);
    expect(ringTables.otherEnds.every((ends) => ends === 0)).toBe(true);
  });

  test('of talk and wrap-up: seconds spent, and the end in its bin', () => {
    const fade = 1 - 1 / 14_400;
    const { agentTables } = after(PREDICTIVE, [...agentsIn(1), ...answeredRounds(1)]);
    // Talk of 60 s from 10 on: the bin from 60 s on has its end, the one from 45 s fifteen seconds more, all of it faded for 70 s.
    expect(agentTables.talkEnds.map((ends) => Math.round(ends))).toEqual(Array.from({ length: 19 }, (_, bin) => (bin === 8 ? 5 : 4)));
    expect(agentTables.talkSec[7]).toBeCloseTo(600 * fade ** 70 + 15, 0);
    expect(agentTables.wrapEnds[10]).toBeCloseTo(1 / 3 + 1, 2);
    expect(agentTables.wrapSec[5]).toBeCloseTo(6, 1);
  });

  test('does not fade while nothing rings', () => {
    const state = after(PREDICTIVE, [...agentsIn(1), ...answeredRounds(3)]);
    expect(callsToStart(state, 50_000).state.ringTables).toEqual(callsToStart(state, 300).state.ringTables);
  });
});

test('what does not fit changes nothing', () => {
  const state = after(PROGRESSIVE, [...agentsIn(1), ...answeredRounds(1).slice(0, 3), ...dials(1, 12), { type: 'order', at: 12, n: 5 }]);
  const strange = [
    { type: 'dial', at: 20 },
    { type: 'dial', at: 20, callId: 'c1' },
    { type: 'ringEnd', at: 20, callId: 'nobody', answered: true },
    { type: 'ringEnd', at: 20, callId: 'round-0', answered: false },
    { type: 'abandon', at: 20, callId: 'round-0' },
    { type: 'callerGone', at: 20, callId: 'nobody' },
    { type: 'connect', at: 20, callId: 'round-0', agentId: 'a1' },
    { type: 'talkEnd', at: 20, callId: 'c1', agentId: 'a1' },
    { type: 'talkEnd', at: 20 },
    { type: 'wrapEnd', at: 20, agentId: 'nobody' },
    { type: 'agentOut', at: 20, agentId: 'nobody' },
    { type: 'agentLeaving', at: 20 },
    { type: 'agentIn', at: 20 },
    { type: 'agentIn', at: 20, agentId: 'a1' },
    { type: 'order', at: 20, n: -3 },
    { type: 'order', at: 20, n: Number.NaN },
    { type: 'orderVoid', at: 20, n: 0 },
    { type: 'order', at: 20, n: 1.5 },
    { type: 'order', at: 20, n: Infinity },
    { type: 'orderVoid', at: 20, n: Infinity },
    { type: 'agentIn', at: Number.NaN, agentId: 'x' },
    { type: 'agentIn', at: null, agentId: 'x' },
    { type: 'agentIn', at: 1.8e18, agentId: 'x' },
    { type: 'agentIn', at: Number.MAX_VALUE, agentId: 'x' },
    { type: 'agentIn', at: 20, agentId: null },
    { type: 'agentIn', at: 20, agentId: Number.NaN },
    { type: 'dial', at: 20, callId: null },
    { type: 'dial', at: 20, callId: {} },
    { type: 'toString', at: 20 },
  ] as PacingEvent[];
  expect(after(state, strange)).toEqual(advance(state, 20));
});

test('a fresh state is plain JSON', () => {
  const state = createState(PREDICTIVE);
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});
