import { DiscadorError } from '@discador/contracts/discador-error';
import { queueLiveSchema, queuesLiveKey, replicaLiveKey, replicaLiveSchema, type QueueLive, type ReplicaLive } from '@discador/contracts/live';
import type { Redis } from 'ioredis';
import type { z } from 'zod';

const SCAN_COUNT = 500;

/** What the services say of themselves in Redis, read only. Entries that do not fit the contract are left out. */
export class LiveState {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Replicas whose heartbeat has not lapsed, by app and name.
   *  @throws DiscadorError `redis_down` */
  async replicas(): Promise<ReplicaLive[]> {
    const words = await this.#reached(async () => {
      const keys = await this.#keys(replicaLiveKey('*', '*'));
      return keys.length === 0 ? [] : this.#redis.mget(keys);
    });
    const nameOf = (replica: ReplicaLive): string => `${replica.app}:${replica.replica}`;
    return parsed(replicaLiveSchema, words).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  /** Agent queues of every PBX, as last confirmed.
   *  @throws DiscadorError `redis_down` */
  async queues(): Promise<QueueLive[]> {
    const words = await this.#reached(async () => {
      const keys = await this.#keys(queuesLiveKey('*'));
      return Promise.all(keys.map((key) => this.#redis.hvals(key)));
    });
    return parsed(queueLiveSchema, words.flat());
  }

  async #keys(pattern: string): Promise<string[]> {
    const found = new Set<string>();
    let cursor = '0';
    do {
      const [next, keys] = await this.#redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT);
      for (const key of keys) found.add(key);
      cursor = next;
    } while (cursor !== '0');
    return [...found].sort();
  }

  async #reached<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new DiscadorError('redis_down', 'Redis is away', { retry: 'later', cause: error });
    }
  }
}

function parsed<S extends z.ZodType>(schema: S, words: (string | null)[]): z.infer<S>[] {
  return words.flatMap((word) => {
    if (word === null) return [];
    try {
      const result = schema.safeParse(JSON.parse(word));
      return result.success ? [result.data] : [];
    } catch {
      return [];
    }
  });
}
