import { decisionTimeMs } from './decision-time.ts';

test('a decision takes time', () => {
  expect(decisionTimeMs()).toBeGreaterThan(0);
});
