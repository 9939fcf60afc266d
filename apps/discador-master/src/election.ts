import { replicaLiveKey } from '@discador/contracts/live';
import type { Database } from '@discador/postgres/database';
import { beginTerm } from '@discador/postgres/sql/begin-term';
import { Lease } from '@discador/redis/lease';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

export const MASTER_LOCK = 'discador:lock:master';
const LEADER_KEY = 'discador:live:leader';
const LEADER_KEY_SEC = 3;

export interface ElectionOptions {
  replica: string;
  lockClients: Redis[];
  redis: Redis;
  database: Database;
  ttlMs: number;
  log: Logger;
  /** @param trusted false as soon as the lease may have ended */
  onLead(term: number, trusted: () => boolean): void;
  onStandDown(): Promise<void>;
}

/** Elects the one master that plans: a redlock lease, then a term raised in PostgreSQL. The lease saves two from working at once;
 *  the term makes what a deposed leader still writes harmless. */
export class Election {
  readonly #options: ElectionOptions;
  readonly #lease: Lease;
  #term: number | undefined;
  #standbyNote = 'starting';
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#lease = new Lease({
      clients: options.lockClients,
      key: MASTER_LOCK,
      ttlMs: options.ttlMs,
      log: options.log,
      onAcquired: () => this.#lead(),
      onLost: (reason) => this.#standDown(reason),
    });
  }

  get term(): number | undefined {
    return this.#term;
  }

  start(): void {
    this.#lease.start();
    this.#timer = setInterval(() => void this.#tell(), 1000);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    // First, or it would wipe out the next leader's name.
    if (this.#lease.held) await this.#options.redis.del(LEADER_KEY).catch(() => undefined);
    await this.#lease.stop();
  }

  /** For status: who leads, and why nothing is dialled when nobody does. */
  report(): { leader: boolean; note: string } {
    return this.#lease.held && this.#term !== undefined
      ? { leader: true, note: `leads, term ${this.#term}` }
      : { leader: false, note: this.#standbyNote };
  }

  async #lead(): Promise<void> {
    const term = await beginTerm(this.#options.database, this.#options.replica);
    this.#term = term;
    this.#options.log.info({ term }, 'elected');
    this.#options.onLead(term, () => this.#lease.held);
    await this.#tell();
  }

  #standDown(reason: string): void {
    this.#options.log.warn({ term: this.#term, reason }, 'no longer leads');
    this.#term = undefined;
    void this.#options.onStandDown();
  }

  async #tell(): Promise<void> {
    const { redis, replica } = this.#options;
    try {
      if (this.#lease.held) {
        await redis.set(LEADER_KEY, replica, 'EX', LEADER_KEY_SEC);
        return;
      }
      this.#standbyNote = await this.#whyNot();
    } catch {
      this.#standbyNote = 'Redis is away: nobody can be elected, nothing new is dialled';
    }
  }

  async #whyNot(): Promise<string> {
    const { redis } = this.#options;
    const leader = await redis.get(LEADER_KEY);
    if (leader && (await redis.exists(replicaLiveKey('discador-master', leader)))) return `standby; replica ${leader} leads`;
    const ttl = await redis.pttl(MASTER_LOCK);
    if (ttl === -2) return 'standby; about to stand for election';
    const life = ttl < 0 ? 'without an end' : `for another ${Math.ceil(ttl / 1000)} s`;
    return `no master leads, nothing is dialled: ${MASTER_LOCK} is held ${life} by someone who is not a running master`;
  }
}
