import { replicaLiveKey, type ReplicaLive } from '@discador/contracts/live';
import { connectRedis } from '@discador/redis/connect';
import type { Logger } from 'pino';

const EVERY_MS = 1000;
const GONE_AFTER_SEC = 5;

/** Tells the others, once a second, that this replica lives and where it answers. A lost beat is not worth an error.
 *  @returns a function that stops it and removes the key */
export function startHeartbeat(
  redisUrl: string,
  self: { app: string; replica: string; rpcQueue: string; log: Logger },
): () => Promise<void> {
  const redis = connectRedis({ url: redisUrl, name: `${self.app}-${self.replica}-heartbeat`, log: self.log });
  const key = replicaLiveKey(self.app, self.replica);
  const startedAt = new Date().toISOString();
  const beat = (): void => {
    const word: ReplicaLive = { app: self.app, replica: self.replica, pid: process.pid, startedAt, at: Date.now(), rpcQueue: self.rpcQueue };
    redis.set(key, JSON.stringify(word), 'EX', GONE_AFTER_SEC).catch(() => undefined);
  };
  const timer = setInterval(beat, EVERY_MS);
  redis.once('ready', beat);
  return async () => {
    clearInterval(timer);
    await redis.del(key).catch(() => undefined);
    redis.disconnect();
  };
}
