import { reference } from './reference.ts';

test('the reference, too, keeps an agent for who waits, and dials less once a caller was abandoned', () => {
  const made = reference(10, { freeing: () => [], answerRate: () => 0.005 });
  made.events.agentIn(0, 0);
  // The first budget allows log odds of −3 − 0.25 × 1.25 for one missing: 3.5 %. One agent: 1 − 0.995⁷ = 3.4 %, and one call more.
  expect(made.callsToStart(0)).toBe(8);
  made.events.dial(0, 0);
  made.events.agentOut(1, 0);
  made.events.ringEnd(4, 0, true);
  made.events.agentIn(5, 0);
  expect(made.callsToStart(5)).toBe(0);
  made.events.abandon(6, 0);
  // −3.29 − 0.25 × 1.972 × 1.493 for 1.972 missing: 1.75 %. 1 − 0.995³ = 1.5 %, and one more.
  expect(made.callsToStart(8)).toBe(4);
});
