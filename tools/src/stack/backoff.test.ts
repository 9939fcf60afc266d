import { HEALTHY_MS, countFailure, restartDelayMs } from './backoff.ts';

describe('restartDelayMs', () => {
  it('restarts almost at once the first time', () => expect(restartDelayMs(1, 0.99)).toBe(200));

  it('doubles and stops at 15 s', () => {
    const middle = [2, 3, 4, 5, 20].map((failures) => restartDelayMs(failures, 0.5));
    expect(middle).toEqual([400, 800, 1600, 3200, 15_000]);
  });

  it('spreads by a quarter each way', () => {
    expect(restartDelayMs(3, 0)).toBe(600);
    expect(restartDelayMs(3, 0.999)).toBeLessThanOrEqual(1000);
  });
});

describe('countFailure', () => {
  it('counts deaths in a row', () => expect(countFailure(3, HEALTHY_MS - 1)).toBe(4));
  it('starts over after a healthy life', () => expect(countFailure(9, HEALTHY_MS)).toBe(1));
});
