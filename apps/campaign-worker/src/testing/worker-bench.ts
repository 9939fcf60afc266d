import { randomInt } from 'node:crypto';
import { Database } from '@discador/postgres/database';
import { beginTerm } from '@discador/postgres/sql/begin-term';
import { issueSlices } from '@discador/postgres/sql/issue-slices';
import { seedCampaign, type SeedOptions } from '@discador/postgres/testing/seed';
import { createTestDatabase, type TestDatabase } from '@discador/postgres/testing/test-database';
import { Permits } from '@discador/redis/permits';
import { shortLocks, type TakeLock } from '@discador/redis/short-lock';
import { testRedis } from '@discador/redis/testing/test-redis';
import { until } from '@discador/runtime/testing/until';
import type { DiscadorEvent } from '@discador/contracts/events/catalogue';
import type { Slice } from '@discador/contracts/slice';
import type { ConsumeMessage } from 'amqplib';
import type { Redis } from 'ioredis';
import { v7 as uuid } from 'uuid';
import { Dialer } from '../dialer.ts';
import { workerMetrics } from '../metrics.ts';
import { OutcomeDesk } from '../outcome-desk.ts';
import { createPbxLinks, type PbxLink } from '../pbx-link.ts';
import type { WorkerSettings } from '../settings.ts';
import { SliceWorker } from '../slice-worker.ts';
import { REDIS_DB, workerContext } from './worker-context.ts';

/** A worker's parts on real servers, without its bus: a test hands it the messages. */
export class WorkerBench {
  readonly own: TestDatabase;
  readonly redis: Redis;
  readonly database: Database;
  readonly permits: Permits;
  readonly links: PbxLink[];
  readonly desk: OutcomeDesk;
  readonly dialer: Dialer;
  readonly metrics: ReturnType<typeof workerMetrics>;
  /** attempt ids of which the PBX has made a channel */
  readonly dialled: string[] = [];
  /** what the workers told */
  readonly told: DiscadorEvent[] = [];
  term = 0;
  readonly #context: ReturnType<typeof workerContext>;

  private constructor(own: TestDatabase, redis: Redis, changes: Partial<WorkerSettings>) {
    this.own = own;
    this.redis = redis;
    this.#context = workerContext(changes);
    this.metrics = workerMetrics(this.#context.metrics);
    this.database = new Database({ url: own.url, name: 'worker test', log: this.#context.log });
    this.permits = new Permits(redis);
    this.links = createPbxLinks(this.#context);
    this.desk = new OutcomeDesk(this.database, this.permits, this.metrics);
    this.dialer = new Dialer({ desk: this.desk, log: this.#context.log, metrics: this.metrics });
  }

  /** Opens everything: a database of its own, an emptied Redis whose permits are ready, the PBX connected, a term begun. */
  static async open(changes: Partial<WorkerSettings> = {}): Promise<WorkerBench> {
    const bench = new WorkerBench(await createTestDatabase(), await testRedis(REDIS_DB), changes);
    await bench.permits.rebuild([]);
    await bench.own.pool.query(`UPDATE trunks SET calls_per_second = 1000`);
    bench.term = await beginTerm(bench.database, 'test');
    for (const link of bench.links) {
      link.ami.on('Newchannel', (event) => void bench.dialled.push((event['Uniqueid'] ?? '').replace(/;1$/, '')));
      link.ami.start();
    }
    await until(() => bench.links.every((link) => link.ready));
    return bench;
  }

  async close(): Promise<void> {
    await this.dialer.drain();
    for (const link of this.links) await link.ami.close();
    this.redis.disconnect();
    await this.database.close();
    await this.own.drop();
  }

  worker({ takeLock = shortLocks([this.redis]), workerId = 'w1', maxUnseen = 40 }: { takeLock?: TakeLock; workerId?: string; maxUnseen?: number } = {}): SliceWorker {
    const { database, permits, links, dialer, metrics } = this;
    return new SliceWorker({ workerId, database, permits, takeLock, links, dialer, events: { publish: (event) => this.told.push(event) }, maxUnseen, log: this.#context.log, metrics });
  }

  /** A campaign whose contacts' numbers the simulated carrier answers as `ending` says (ringing, talk, outcome). */
  async campaign(contacts: number, ending = '002', options: SeedOptions = {}): Promise<string> {
    const first = randomInt(10_000, 90_000) * 100; // numbers are unique among open calls
    const phones = (index: number): string[] => [`+5511${first + index}${ending}`];
    return (await seedCampaign(this.own.pool, { contacts, phones, ...options })).campaignId;
  }

  /** A slice as the master writes and publishes it. */
  async slice(campaignId: string, quota: number, lifeSec = 10): Promise<{ slice: Slice; message: ConsumeMessage }> {
    const [slice] = await issueSlices(this.database, this.term, lifeSec, [{ sliceId: uuid(), campaignId, quota }]);
    if (!slice) throw new Error('no slice was issued');
    return { slice, message: { content: Buffer.from(JSON.stringify(slice)) } as ConsumeMessage };
  }

  async rows<Row extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.own.pool.query<Row>(sql, values)).rows;
  }

  /** @returns ids of all attempts in the ledger, in order */
  async attempts(campaignId: string): Promise<string[]> {
    const found = await this.rows<{ attempt_id: string }>('SELECT attempt_id FROM call_attempts WHERE campaign_id = $1 ORDER BY 1', [campaignId]);
    return found.map((row) => row.attempt_id);
  }

  /** @returns permits of the campaign that are taken */
  permitsOf(campaignId: string): Promise<number> {
    return this.redis.zcard(`discador:permit:channels:campaign:${campaignId}`);
  }
}
