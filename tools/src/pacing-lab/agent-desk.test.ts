import { AgentDesk } from './agent-desk.ts';
import { Meter } from './meter.ts';

/** Agents who talk since 0, and are idle again when listed. */
function talking(...idleAgainAt: number[]): AgentDesk {
  const desk = new AgentDesk(idleAgainAt.length, new Meter(0, 900));
  idleAgainAt.forEach((at, agent) => desk.talk(agent, agent, 0, at));
  return desk;
}

test('agents who free, by the whole seconds until then: those who wrap up too, not those who wait, or free later', () => {
  const desk = talking(12.5, 10, 13, 12.9, 11);
  desk.wrapUp(3, 8);
  desk.wrapUp(4, 8);
  desk.waitForCall(4, 9);
  expect(desk.freeing(10, 3)).toEqual([1, 0, 2]);
});

test('agents who leave do not free', () => {
  const desk = talking(11, 11);
  desk.leaveAfterCall(1);
  expect(desk.freeing(10, 3)).toEqual([0, 1, 0]);
});

test('who has left leaves no more', () => {
  const desk = talking(11);
  desk.leaveAfterCall(0);
  expect(desk.isLeaving(0)).toBe(true);
  desk.leave(0, 11);
  expect([desk.isLeaving(0), desk.isAway(0)]).toEqual([false, true]);
});
