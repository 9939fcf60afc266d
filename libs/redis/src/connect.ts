import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { cutSilent } from './cut-silent.ts';

export interface RedisOptions {
  url: string;
  name: string;
  log: Logger;
  state?: { up(): void; down(reason: string): void };
}

/** A client that reconnects for ever with jitter, cuts a connection that has fallen silent, and fails at once while Redis is away (no
 *  queue of stale commands).
 *  A server that may evict keys (`maxmemory-policy` other than `noeviction`) is not accepted: a lost permit or lock is a lost guard. */
export function connectRedis({ url, name, log, state }: RedisOptions): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    commandTimeout: 3000, // longer than a silent connection lasts: a command that fails for silence finds the client away
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 1000) * (0.5 + Math.random() / 2),
  });
  cutSilent(redis, log);
  redis.on('error', (error: NodeJS.ErrnoException) => state?.down(error.code ?? error.message));
  redis.on('close', () => state?.down('connection lost'));
  redis.on('ready', () => void checkEviction(redis, log, state));
  return redis;
}

export interface RedisServersOptions {
  /** the one logical server of live state and permits */
  redisUrl: string;
  /** independent masters for redlock; the state server when not given */
  redisLocks?: string[] | undefined;
  name: string;
  log: Logger;
  track(server: string): { up(): void; down(reason: string): void };
}

export interface RedisServers {
  redis: Redis;
  /** one client per independent master, for redlock */
  lockClients: Redis[];
  disconnect(): void;
}

/** Connects to the state server and to the lock servers, which may be the same. */
export function connectRedisServers({ redisUrl, redisLocks, name, log, track }: RedisServersOptions): RedisServers {
  const redis = connectRedis({ url: redisUrl, name, log, state: track('redis') });
  const lockServers = (redisLocks ?? []).map((url, index) => connectRedis({ url, name, log, state: track(`redis lock server ${index + 1}`) }));
  return {
    redis,
    lockClients: lockServers.length > 0 ? lockServers : [redis],
    disconnect: () => [redis, ...lockServers].forEach((client) => client.disconnect()),
  };
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
