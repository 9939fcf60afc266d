import type { Redis } from 'ioredis';
import { createRedlock } from './redlock.ts';

/** Takes a lock for one piece of work, or not at all.
 *  @returns a function that gives it back (never throws), or null when someone else holds it
 *  @throws when Redis is away */
export type TakeLock = (key: string, ttlMs: number) => Promise<(() => Promise<void>) | null>;

export function shortLocks(clients: Redis[]): TakeLock {
  const redlock = createRedlock(clients);
  return async (key, ttlMs) => {
    try {
      const lock = await redlock.lock(key, ttlMs);
      return () => Promise.resolve(lock.unlock()).catch(() => undefined);
    } catch (error) {
      if (clients.every((client) => client.status !== 'ready')) throw error;
      return null;
    }
  };
}
