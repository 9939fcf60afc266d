import { pino } from 'pino';
import { v4, v7 } from 'uuid';
import { Database } from '../../database.ts';
import { seedCampaign } from '../../testing/seed.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { dropOldCalls } from './drop-old-calls.ts';
import { dropOldRejections } from './drop-old-rejections.ts';
import { dropOldSlices } from './drop-old-slices.ts';
import { ensurePartitions } from './ensure-partitions.ts';
import { rollUpCounters } from './roll-up-counters.ts';
import { seePbx } from './see-pbx.ts';
import { storeExtensions, sweepExtensions, type ExtensionRow } from './store-extensions.ts';
import { takeHousekeepingLock } from './take-housekeeping-lock.ts';

let own: TestDatabase;
let database: Database;

beforeAll(async () => {
  own = await createTestDatabase();
  database = new Database({ url: own.url, name: 'test', log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

const rows = async (sql: string, values: unknown[] = []) => (await own.pool.query<Record<string, unknown>>(sql, values)).rows;
const DAY_MS = 86_400_000;

test('rolls deltas up while they are appended and while others roll up: none lost, none twice', async () => {
  const campaign = v4();
  const append = () => own.pool.query('INSERT INTO campaign_deltas (campaign_id, counter, delta) SELECT $1, c, 1 FROM unnest($2::text[]) AS c', [campaign, ['answered', 'attempts']]);
  const work = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? rollUpCounters(database, 7) : append()));
  await Promise.all(work);
  const expected = [{ counter: 'answered', value: '40' }, { counter: 'attempts', value: '40' }];
  expect(await rows('SELECT counter, value FROM report.campaign_counters WHERE campaign_id = $1 ORDER BY 1', [campaign])).toEqual(expected);
  while ((await rollUpCounters(database, 7)) === 7);
  expect(await rows('SELECT counter, value::text FROM campaign_counters WHERE campaign_id = $1 ORDER BY 1', [campaign])).toEqual(expected);
  expect(await rows('SELECT 1 FROM campaign_deltas')).toEqual([]);
});

test('a job has one holder at a time, another job is free', async () => {
  await database.transaction(async (on) => {
    expect(await takeHousekeepingLock(on, 'a')).toBe(true);
    expect(await takeHousekeepingLock(database, 'a')).toBe(false);
    expect(await takeHousekeepingLock(database, 'b')).toBe(true);
  });
  expect(await takeHousekeepingLock(database, 'a')).toBe(true);
});

test('drops slices that expired long ago, in portions, and no others', async () => {
  const { campaignId } = await seedCampaign(own.pool, { contacts: 0 });
  const slice = (age: string) => own.pool.query(`INSERT INTO slices (slice_id, campaign_id, term, quota, expires_at) VALUES ($1, $2, 1, 1, now() - $3::interval)`, [v7(), campaignId, age]);
  for (const age of ['2 hours', '61 minutes', '90 minutes', '59 minutes', '-5 seconds']) await slice(age);
  expect(await dropOldSlices(database, 3600, 2)).toBe(2);
  expect(await dropOldSlices(database, 3600, 2)).toBe(1);
  expect(await rows('SELECT count(*)::int AS n FROM slices')).toEqual([{ n: 2 }]);
});

test('drops the rejected rows of old imports, not their totals', async () => {
  const { campaignId } = await seedCampaign(own.pool, { contacts: 0 });
  for (const [key, ended] of [['old', '31 days'], ['new', '29 days'], ['running', null]]) {
    const job = v7();
    await own.pool.query(`INSERT INTO import_jobs (job_id, campaign_id, idempotency_key, rejected, finished_at) VALUES ($1, $2, $3, 1, now() - $4::interval)`, [job, campaignId, key, ended]);
    await own.pool.query(`INSERT INTO import_rejections (job_id, line, column_name, code, raw) VALUES ($1, 2, 'phone', 'phone_invalid', 'x')`, [job]);
  }
  expect(await dropOldRejections(database, 30, 100)).toBe(1);
  expect(await rows(`SELECT idempotency_key AS k FROM import_rejections JOIN import_jobs USING (job_id) ORDER BY 1`)).toEqual([{ k: 'new' }, { k: 'running' }]);
  expect(await rows('SELECT count(*)::int AS n FROM import_jobs')).toEqual([{ n: 3 }]);
});

test('drops calls past the retention with their records, never one without an end', async () => {
  const attempt = async (ageDays: number, ended: boolean) => {
    const id = v7({ msecs: Date.now() - ageDays * DAY_MS });
    await own.pool.query(
      `INSERT INTO call_attempts (attempt_id, contact_id, campaign_id, phone, slice_id, term, lease, worker_id, pbx, trunk, dial_by, ended_at)
       VALUES ($1, $1, $1, '+5511987654321', $1, 1, 1, 'w', 'pbx1', 'default', now(), CASE WHEN $2 THEN now() END)`, [id, ended]);
    await own.pool.query(`INSERT INTO attempt_evidence (attempt_id, event) VALUES ($1, '{}')`, [id]);
    await own.pool.query(`INSERT INTO pbx_cel VALUES ('pbx1', 1, $2, 'CHAN_START', now(), 'u', 'l', $1, 'c', 'c', 'e', 'a', '')`, [id, ageDays * 2 + Number(ended)]);
    return id;
  };
  await attempt(91, true);
  await attempt(92, true);
  const kept = [await attempt(93, false), await attempt(89, true)].sort();
  expect(await dropOldCalls(database, 90, 1)).toBe(1);
  expect(await dropOldCalls(database, 90, 10)).toBe(1);
  for (const table of ['call_attempts', 'attempt_evidence', 'pbx_cel']) {
    expect((await rows(`SELECT attempt_id FROM ${table} ORDER BY 1`)).map((row) => row['attempt_id'])).toEqual(kept);
  }
});

test('missing partitions are made once', async () => {
  expect(await ensurePartitions(database, 4)).toBe(2);
  expect(await ensurePartitions(database, 4)).toBe(0);
});

test('stores extensions, writes only what changed, keeps names, marks those that are gone', async () => {
  const phone = (number: string, over: Partial<ExtensionRow> = {}): ExtensionRow => ({ number, registered: true, line1Busy: false, line2Busy: false, lastActivityMs: null, ...over });
  expect(await storeExtensions(database, 'pbx1', [phone('1001'), phone('1002', { lastActivityMs: 1_795_218_171_000 })])).toBe(2);
  await own.pool.query(`UPDATE extensions SET name = 'Ana' WHERE number = '1001'`);
  expect(await storeExtensions(database, 'pbx1', [phone('1001'), phone('1002', { lastActivityMs: 1_795_218_170_000 })])).toBe(0);
  expect(await storeExtensions(database, 'pbx1', [phone('1001', { line1Busy: true, lastActivityMs: 1_795_218_172_000 })])).toBe(1);
  expect(await storeExtensions(database, 'pbx2', [phone('1002')])).toBe(1);
  expect(await sweepExtensions(database, 'pbx1', ['1001'])).toBe(1);
  expect(await sweepExtensions(database, 'pbx1', ['1001'])).toBe(0);
  expect(await rows(`SELECT pbx, number, name, registered AS r, line1_busy AS l, last_activity_at AS at FROM extensions ORDER BY 1, 2`)).toEqual([
    { pbx: 'pbx1', number: '1001', name: 'Ana', r: true, l: true, at: new Date(1_795_218_172_000) },
    { pbx: 'pbx1', number: '1002', name: '', r: false, l: false, at: new Date(1_795_218_171_000) },
    { pbx: 'pbx2', number: '1002', name: '', r: true, l: false, at: null },
  ]);
});

test('a PBX is seen with its start in its own zone, which a look without one does not undo', async () => {
  await seePbx(database, 'pbx1', '2026-11-21 01:35:59', 'America/Sao_Paulo');
  await seePbx(database, 'pbx1', null, 'America/Sao_Paulo');
  const [row] = await rows(`SELECT booted_at, last_seen_at > now() - interval '10 s' AS seen, status FROM pbx_nodes WHERE name = 'pbx1'`);
  expect(row).toEqual({ booted_at: new Date('2026-11-21T04:35:59Z'), seen: true, status: 'active' });
});
