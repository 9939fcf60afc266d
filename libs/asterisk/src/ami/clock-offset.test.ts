import { ClockOffset } from './clock-offset.ts';

test('the answer with the shortest round trip decides, in whole milliseconds', () => {
  const clock = new ClockOffset();
  expect(clock.offsetMs).toBeNull();
  clock.observe(Number.NaN, 0, 10);
  expect(clock.offsetMs).toBeNull();
  clock.observe(5_040, 1_000, 1_080);
  expect(clock.offsetMs).toBe(4_000);
  clock.observe(5_100.4, 1_100, 1_101);
  expect(clock.offsetMs).toBe(4_000);
  clock.observe(5_200.9, 1_200, 1_201);
  expect(clock.offsetMs).toBe(4_000);
  clock.observe(5_301, 1_300, 1_300);
  expect(clock.offsetMs).toBe(4_001);
});

test('older answers than the last eight do not count', () => {
  const clock = new ClockOffset();
  clock.observe(1_060, 1_000, 1_000);
  for (let n = 0; n < 8; n += 1) clock.observe(2_000 + n, 2_000 + n - 10, 2_000 + n + 10);
  expect(clock.offsetMs).toBe(0);
});
