import { queueLiveSchema, queuesLiveKey, type QueueLive } from '@discador/contracts/live';
import { mergePools } from '@discador/domain/pacing/merge-pools';
import type { AgentPool } from '@discador/domain/pacing/plan-pool';
import type { Redis } from 'ioredis';

/** Reads what the MonitoringWorkers know of all queues.
 *  @returns a look-up by queue name, over all PBXs */
export async function readPools(redis: Redis, pbxs: readonly string[], nowMs: number): Promise<(queue: string) => AgentPool> {
  const hashes = await Promise.all(pbxs.map((pbx) => redis.hgetall(queuesLiveKey(pbx))));
  const parts = new Map<string, QueueLive[]>();
  for (const text of hashes.flatMap((hash) => Object.values(hash))) {
    const live = queueLiveSchema.parse(JSON.parse(text));
    parts.set(live.queue, [...(parts.get(live.queue) ?? []), live]);
  }
  return (queue) => mergePools(parts.get(queue) ?? [], nowMs);
}
