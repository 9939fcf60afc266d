import { Database } from '@discador/postgres/database';
import { takeHousekeepingLock } from '@discador/postgres/sql/housekeeping/take-housekeeping-lock';
import { createTestDatabase, type TestDatabase } from '@discador/postgres/testing/test-database';
import { pino } from 'pino';
import { Housekeeping } from './housekeeping.ts';
import { housekeepingJobs, type Job } from './jobs.ts';

const log = pino({ level: 'silent' });
let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase();
  database = new Database({ url: own.url, name: 'test', log });
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

const keeper = (jobs: Job[], onDone: (job: string, count: number) => void = () => undefined) =>
  new Housekeeping({ database, jobs, timeZone: 'UTC', log, onDone, onFailed: (job) => fail(job) });
const fail = (job: string): never => {
  throw new Error(`${job} failed`);
};

test('works in portions until nothing is left', async () => {
  const portions = [2, 2, 1];
  const job: Job = { name: 'p', when: 'nightly', portion: 2, run: async () => portions.shift() ?? 0 };
  expect(await keeper([job]).run(job)).toBe(5);
  expect(portions).toEqual([]);
});

test('skips a job that another replica is at', async () => {
  const job: Job = { name: 'busy', when: 'nightly', run: async () => 1 };
  await database.transaction(async (on) => {
    await takeHousekeepingLock(on, 'busy');
    expect(await keeper([job]).run(job)).toBeNull();
  });
  expect(await keeper([job]).run(job)).toBe(1);
});

test('at start rolls counters up, drops slices and makes partitions; the nightly jobs wait for the night', async () => {
  const done = new Set<string>();
  const all = Promise.withResolvers<void>();
  const jobs = housekeepingJobs({ retentionDays: 30, importRejectionsDays: 30 });
  const housekeeping = keeper(jobs, (job) => {
    done.add(job);
    if (done.size === 3) all.resolve();
  });
  housekeeping.start();
  await all.promise;
  await housekeeping.stop();
  expect([...done].sort()).toEqual(['partitions', 'roll-up', 'slices']);
});

test('without a retention calls are kept for ever', () => {
  expect(housekeepingJobs({ retentionDays: 0, importRejectionsDays: 30 }).map((job) => job.name)).not.toContain('calls');
});
