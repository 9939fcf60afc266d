import type { SeenStore } from '@discador/bus/seen-store';
import type { Redis } from 'ioredis';

export interface RedisSeenOptions {
  redis: Redis;
  /** whose events: consumers of one name share what they have seen */
  consumer: string;
  /** How long an id is remembered, default one hour, about 100 bytes each. A repeat comes after an outage: longer than the longest outage
   *  after which repeats still matter. */
  ttlMs?: number;
}

/** Ids of handled events that all replicas of a consumer share, and that outlive them. */
export class RedisSeenStore implements SeenStore {
  readonly #options: Required<RedisSeenOptions>;

  constructor(options: RedisSeenOptions) {
    this.#options = { ttlMs: 3_600_000, ...options };
  }

  async seen(ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const marks = await this.#options.redis.mget(ids.map((id) => this.#key(id)));
    return new Set(ids.filter((_, index) => marks[index] !== null));
  }

  async mark(ids: readonly string[]): Promise<void> {
    const { redis, ttlMs } = this.#options;
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.set(this.#key(id), '1', 'PX', ttlMs, 'NX');
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }

  #key(id: string): string {
    return `discador:seen:${this.#options.consumer}:${id}`;
  }
}
