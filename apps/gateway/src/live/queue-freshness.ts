import type { QueueLive } from '@discador/contracts/live';

/** Older than this, what the PBX said of a queue is not true any more. */
export const QUEUE_STALE_MS = 5000;

export function isFresh(queue: QueueLive, now: number): boolean {
  return now - queue.at <= QUEUE_STALE_MS;
}

/** Callers that wait or talk in a queue right now, over all PBXs; null when no PBX confirmed it lately. */
export function callersInQueue(name: string | null, queues: readonly QueueLive[], now: number): number | null {
  const fresh = queues.filter((queue) => queue.queue === name && isFresh(queue, now));
  return fresh.length === 0 ? null : fresh.reduce((sum, queue) => sum + queue.waiting + queue.connected, 0);
}
