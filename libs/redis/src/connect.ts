import { Redis } from 'ioredis';
import type { Logger } from 'pino';

export interface RedisOptions {
  url: string;
  name: string;
  log: Logger;
  state?: { up(): void; down(reason: string): void };
}

/** A client that reconnects for ever with jitter and fails at once while Redis is away (no queue of stale commands).
 *  A server that may evict keys (`maxmemory-policy` other than `noeviction`) is not accepted: a lost permit or lock is a lost guard. */
export function connectRedis({ url, name, log, state }: RedisOptions): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 3000,
    commandTimeout: 2000,
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 2000) * (0.5 + Math.random() / 2),
  });
  redis.on('error', (error: NodeJS.ErrnoException) => state?.down(error.code ?? error.message));
  redis.on('close', () => state?.down('connection lost'));
  redis.on('ready', () => void checkEviction(redis, log, state));
  return redis;
}

async function checkEviction(redis: Redis, log: Logger, state: RedisOptions['state']): Promise<void> {
  try {
    const info = await redis.info('memory');
    const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1] ?? 'unknown';
    if (policy === 'noeviction') return state?.up();
    log.error({ policy }, 'Redis must have maxmemory-policy noeviction');
    state?.down(`maxmemory-policy is ${policy}, must be noeviction`);
  } catch (error) {
    state?.down(error instanceof Error ? error.message : String(error));
  }
}
