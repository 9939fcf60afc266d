import type { QueueLive } from '@discador/contracts/live';
import { mergePools } from './merge-pools.ts';

const NOW = 1_000_000;
const live = (pbx: string, ageMs: number, idle: number, more: Partial<QueueLive> = {}): QueueLive => ({
  pbx, queue: 'q', at: NOW - ageMs, agents: { loggedIn: 5, idle, busy: 5 - idle, paused: 0, wrapUp: 0 }, waiting: 0, connected: 5 - idle, ...more,
});

test('adds the PBXs up; the oldest word gives the age; callers who wait have an agent coming', () => {
  expect(mergePools([live('a', 200, 3), live('b', 900, 2, { waiting: 1 })], NOW)).toEqual({ loggedIn: 10, idle: 4, connected: 5, ageSec: 0.9 });
});

test('a PBX that fell silent does not stop the others, and alone it is stale', () => {
  expect(mergePools([live('a', 200, 3), live('b', 60_000, 5)], NOW)).toEqual({ loggedIn: 5, idle: 3, connected: 2, ageSec: 0.2 });
  expect(mergePools([live('a', 200, 3), live('b', 5_000, 5)], NOW)).toMatchObject({ loggedIn: 10, ageSec: 5 });
  expect(mergePools([live('b', 60_000, 5)], NOW).ageSec).toBe(60);
  expect(mergePools([], NOW)).toEqual({ loggedIn: 0, idle: 0, connected: 0, ageSec: null });
});
