/** Remembers ids of events that were handled. Both methods may be asked about many at once; neither keeps an order. */
export interface SeenStore {
  /** @returns those of `ids` that were marked, as far as it remembers */
  seen(ids: readonly string[]): Promise<ReadonlySet<string>>;
  mark(ids: readonly string[]): Promise<void>;
}

export interface MemorySeenOptions {
  /** default 100,000, about 100 bytes each */
  maxIds?: number;
  /** default one hour */
  maxAgeMs?: number;
  /** epoch milliseconds */
  now?(): number;
}

/** For one process whose repeats may be handled again after it has restarted. Forgets what is old, and the oldest when there are too many. */
export class MemorySeenStore implements SeenStore {
  /** when each was last marked, oldest first */
  readonly #markedAt = new Map<string, number>();
  readonly #options: Required<MemorySeenOptions>;

  constructor(options: MemorySeenOptions = {}) {
    this.#options = { maxIds: 100_000, maxAgeMs: 3_600_000, now: Date.now, ...options };
  }

  async seen(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { maxAgeMs, now } = this.#options;
    const oldest = now() - maxAgeMs;
    return new Set(ids.filter((id) => (this.#markedAt.get(id) ?? Number.NEGATIVE_INFINITY) > oldest));
  }

  async mark(ids: readonly string[]): Promise<void> {
    const { maxIds, maxAgeMs, now } = this.#options;
    const at = now();
    for (const id of ids) {
      this.#markedAt.delete(id); // to the end of the order
      this.#markedAt.set(id, at);
    }
    for (const [id, markedAt] of this.#markedAt) {
      if (this.#markedAt.size <= maxIds && markedAt > at - maxAgeMs) break;
      this.#markedAt.delete(id);
    }
  }
}
