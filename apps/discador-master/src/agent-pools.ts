import { queueLiveSchema, queuesLiveKey, type QueueLive } from '@discador/contracts/live';
import type { AgentPool } from '@discador/domain/pacing/plan-pool';
import type { Redis } from 'ioredis';

const UNKNOWN: AgentPool = { loggedIn: 0, idle: 0, connected: 0, ageSec: null };

/** Reads what the MonitoringWorkers know of all queues and adds up each queue over the PBXs.
 *  @returns a look-up by queue name; the age is that of the oldest part */
export async function readPools(redis: Redis, pbxs: readonly string[], nowMs: number): Promise<(queue: string) => AgentPool> {
  const hashes = await Promise.all(pbxs.map((pbx) => redis.hgetall(queuesLiveKey(pbx))));
  const parts = new Map<string, QueueLive[]>();
  for (const text of hashes.flatMap((hash) => Object.values(hash))) {
    const live = queueLiveSchema.parse(JSON.parse(text));
    parts.set(live.queue, [...(parts.get(live.queue) ?? []), live]);
  }
  return (queue) => {
    const lives = parts.get(queue);
    if (!lives) return UNKNOWN;
    const total = (of: (live: QueueLive) => number): number => lives.reduce((sum, live) => sum + of(live), 0);
    return {
      loggedIn: total((live) => live.agents.loggedIn),
      idle: Math.max(0, total((live) => live.agents.idle - live.waiting)),
      connected: total((live) => live.connected),
      ageSec: Math.max(0, nowMs - Math.min(...lives.map((live) => live.at))) / 1000,
    };
  };
}
