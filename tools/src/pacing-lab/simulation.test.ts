import { progressive } from './peers/simple-dialers.ts';
import { POOL_EVENTS, type Controller } from './controller.ts';
import { RUN_OPTIONS, Simulation, type RunOptions } from './simulation.ts';
import type { CallModel, RosterChange } from './world/world.ts';

/** Calls that ring, talk and wrap up as listed; ringing negative when it ends without an answer. */
const listed = (rings: number[], talks: number[] = [], wraps: number[] = []): CallModel => ({
  ringSec: () => rings.shift() ?? -5,
  talkSec: () => talks.shift() ?? 100,
  wrapUpSec: () => wraps.shift() ?? 10,
});

/** Notes what it is told, and dials as listed: `{second: calls}`. */
function scripted(orders: Record<number, number>): { controller: Controller; log: string[] } {
  const log: string[] = [];
  const note = (what: string) => (at: number, ...more: unknown[]) => void log.push([Math.round(at * 1000) / 1000, what, ...more].join(' '));
  const events = Object.fromEntries(POOL_EVENTS.map((kind) => [kind, note(kind)])) as unknown as Controller['events'];
  return { controller: { tickSec: 1, events, callsToStart: (now) => orders[now] ?? 0 }, log };
}

const IN: RosterChange = { at: 0, agent: 0, present: true };

function run(orders: Record<number, number>, calls: CallModel, roster: RosterChange[] = [IN], over: Partial<RunOptions> = {}) {
  const { controller, log } = scripted(orders);
  const options = { hours: 0.25, warmUpSec: 0, graceSec: 2, ...over };
  const figures = new Simulation({ agents: 2, roster, calls }, () => controller, () => 0, options).run();
  return { figures, log };
}

test('a call: dialled, answered, with an agent, wrapped up', () => {
  const { figures, log } = run({ 10: 1 }, listed([4.5], [100], [20]));
  expect(log).toEqual(['0 agentIn 0', '10 dial 0', '14.5 ringEnd 0 true', '14.5 connect 0 0', '114.5 talkEnd 0 0', '134.5 wrapEnd 0']);
  expect(figures).toMatchObject({ dials: 1, answers: 1, abandons: 0, staffedSec: 900, agentWait: { meanSec: 14.5, p95Sec: 14 } });
  expect(figures.occupancy).toBeCloseTo((100 * 120) / 900);
});

test('who is answered without an agent is dropped after the grace, unless one becomes free within it', () => {
  const dropped = run({ 10: 2 }, listed([4, 5]));
  expect(dropped.log).toContain('17 abandon 1');
  expect(dropped.figures).toMatchObject({ answers: 2, abandons: 1, abandonment: 50 });
  const served = run({ 10: 2 }, listed([4, 5], [2], [0.9]));
  expect(served.log).toContain('16.9 connect 1 0');
  expect(served.figures.abandons).toBe(0);
});

test('an unanswered call only ends', () => {
  expect(run({ 10: 1 }, listed([-28])).log).toEqual(['0 agentIn 0', '10 dial 0', '38 ringEnd 0 false']);
});

test('the agent who has been idle longest gets the call', () => {
  const { log } = run({ 20: 1, 40: 1 }, listed([5, 5]), [IN, { at: 10, agent: 1, present: true }]);
  expect(log.filter((line) => line.includes('connect'))).toEqual(['25 connect 0 0', '45 connect 1 1']);
});

test('an agent leaves at once when idle, after the call when not, and comes back from a break', () => {
  const idle = run({}, listed([]), [IN, { at: 50, agent: 0, present: false, awaySec: 30 }]);
  expect(idle.log).toEqual(['0 agentIn 0', '50 agentOut 0', '80 agentIn 0']);
  expect(idle.figures.staffedSec).toBe(870);
  const busy = run({ 10: 1 }, listed([5], [60], [15]), [IN, { at: 50, agent: 0, present: false, awaySec: 30 }]);
  expect(busy.log.slice(4)).toEqual(['50 agentLeaving 0', '75 talkEnd 0 0', '90 wrapEnd 0', '90 agentOut 0', '120 agentIn 0']);
});

test('who comes back before the last talk is over never was away', () => {
  const { log } = run({ 10: 1 }, listed([5], [60], [15]), [IN, { at: 50, agent: 0, present: false }, { at: 55, agent: 0, present: true }]);
  expect(log.slice(-2)).toEqual(['90 agentOut 0', '90 agentIn 0']);
});

test('split orders are told, then dialled half a second to one and a half later', () => {
  const { log } = run({ 10: 3 }, listed([-5, -5, -5]), [IN], { split: { workers: 2, delaySec: 1, seed: 1 } });
  expect(log[1]).toBe('10 order 3');
  const dials = log.filter((line) => line.includes('dial')).map((line) => Number(line.split(' ')[0]));
  expect(dials).toHaveLength(3);
  expect(new Set(dials).size).toBe(2);
  for (const at of dials) expect(Math.abs(at - 11)).toBeLessThanOrEqual(0.5);
});

test('the warm-up is played but not counted', () => {
  const { figures } = run({ 10: 1, 950: 1 }, listed([5, 5], [100, 100], [0, 0]), [IN], { warmUpSec: 900 });
  expect(figures).toMatchObject({ simulatedCalls: 2, dials: 1, answers: 1, staffedSec: 900 });
});

test('the same seed gives the same run', () => {
  const options = { ...RUN_OPTIONS, hours: 0.5 };
  expect(new Simulation({ agents: 2, roster: [IN], calls: listed([]) }, progressive, () => 0, options).run()).toEqual(
    new Simulation({ agents: 2, roster: [IN], calls: listed([]) }, progressive, () => 0, options).run(),
  );
});

test('as measured for the table: half an hour of warm-up, 8 h, callers dropped after 2 s', () => {
  expect(RUN_OPTIONS).toEqual({ warmUpSec: 1800, hours: 8, graceSec: 2 });
});

test('an agent who is free at the very end of the grace still takes the call', () => {
  const { figures, log } = run({ 10: 2 }, listed([4, 5], [2], [1]));
  expect(log).toContain('17 connect 1 0');
  expect(figures.abandons).toBe(0);
});

test('who is leaving already is not told to leave again', () => {
  const leave = (at: number): RosterChange => ({ at, agent: 0, present: false, awaySec: 30 });
  const { log } = run({ 10: 1 }, listed([5], [60], [15]), [IN, leave(50), leave(60)]);
  expect(log.slice(4)).toEqual(['50 agentLeaving 0', '75 talkEnd 0 0', '90 wrapEnd 0', '90 agentOut 0', '120 agentIn 0']);
});

test('after a break an agent who leaves for good stays away, and one who is told to come while there does not come back either', () => {
  const leaves: RosterChange = { at: 100, agent: 0, present: false };
  expect(run({}, listed([]), [IN, { at: 50, agent: 0, present: false, awaySec: 30 }, leaves]).log).toEqual(['0 agentIn 0', '50 agentOut 0', '80 agentIn 0', '100 agentOut 0']);
  expect(run({}, listed([]), [IN, { ...IN, at: 50 }, leaves]).log).toEqual(['0 agentIn 0', '100 agentOut 0']);
});

test('back from a break that began after a call, the agent stays after the next one', () => {
  const { log } = run({ 10: 1, 130: 1 }, listed([5, 5], [60, 60], [15, 15]), [IN, { at: 50, agent: 0, present: false, awaySec: 30 }]);
  expect(log.slice(-2)).toEqual(['195 talkEnd 0 0', '210 wrapEnd 0']);
});
