import { ReconnectDelay } from './reconnect-delay.ts';

test('never waits longer than a second, however long the server is away, and does not come back in step', () => {
  const delay = new ReconnectDelay();
  const waits = Array.from({ length: 2_000 }, () => delay.nextMs());
  expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(10);
  expect(new Set(waits.slice(-50)).size).toBeGreaterThan(10);
});

test('begins short again once the connection has proved itself', () => {
  const delay = new ReconnectDelay();
  for (let n = 0; n < 50; n += 1) delay.nextMs();
  expect(delay.nextMs()).toBeGreaterThanOrEqual(500);
  delay.reset();
  expect(delay.nextMs()).toBeLessThanOrEqual(150);
});
