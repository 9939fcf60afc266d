import type { QueueLive } from '@discador/contracts/live';
import { callersInQueue } from './queue-freshness.ts';

const queue = (name: string, at: number, waiting: number, connected: number): QueueLive => ({
  pbx: 'pbx1', queue: name, at, waiting, connected, agents: { loggedIn: 0, idle: 0, busy: 0, paused: 0, wrapUp: 0 },
});

test('callers over all PBXs, only from what was confirmed lately', () => {
  const now = 100_000;
  expect(callersInQueue('sales', [queue('sales', now, 1, 2), queue('sales', now - 5000, 3, 4), queue('other', now, 9, 9)], now)).toBe(10);
  expect(callersInQueue('sales', [queue('sales', now - 5001, 1, 2)], now)).toBeNull();
  expect(callersInQueue(null, [queue('sales', now, 1, 2)], now)).toBeNull();
});
