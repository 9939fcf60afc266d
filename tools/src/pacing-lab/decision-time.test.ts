import { callsToStart } from '@discador/domain/pacing/index';
import { busyPool, decisionTimeMs } from './decision-time.ts';

test('the decision that is timed is a predictive one, for 500 agents and 4,000 calls in flight', () => {
  const { reason, state } = callsToStart(busyPool(), 30);
  expect(reason).toMatch(/^predictive: .* risk of .* allowed with 125 idle agents/);
  expect(state.lines[0]).toMatchObject({ ringing: 4000 });
  expect(decisionTimeMs()).toBeGreaterThan(0);
});
