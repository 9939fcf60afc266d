import { until } from '@discador/runtime/testing/until';
import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { Database } from '../database.ts';
import { newIds, seedCampaign, type SeedOptions } from '../testing/seed.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { beginTerm } from './begin-term.ts';
import { claimContacts, type ClaimRequest } from './claim-contacts.ts';
import { closeSlices } from './close-slices.ts';
import { issueSlices } from './issue-slices.ts';
import { takeSlice } from './take-slice.ts';

let test1: TestDatabase;
let database: Database;

beforeEach(async () => {
  test1 = await createTestDatabase();
  database = new Database({ url: test1.url, name: 'test', log: pino({ level: 'silent' }) });
});
afterEach(async () => {
  await database.close();
  await test1.drop();
});

async function slice(options: SeedOptions & { quota?: number; lifeSec?: number } = {}) {
  const seeded = await seedCampaign(test1.pool, options);
  const term = await beginTerm(database, 'm1');
  const [issued] = await issueSlices(database, term, options.lifeSec ?? 60, [{ sliceId: uuid(), campaignId: seeded.campaignId, quota: options.quota ?? 20 }]);
  const taken = await takeSlice(database, issued?.sliceId ?? '', 'w1');
  const claim = (count: number, over: Partial<ClaimRequest> = {}) =>
    claimContacts(database, {
      sliceId: issued?.sliceId ?? '', lease: taken?.lease ?? 0, term, workerId: 'w1', pbx: 'pbx1', attemptIds: newIds(count), dialBy: Math.floor(Date.now() / 1000) + 4, ...over,
    });
  return { ...seeded, term, sliceId: issued?.sliceId ?? '', taken, claim };
}

const one = async (sql: string, values: unknown[] = []) => (await test1.pool.query<Record<string, unknown>>(sql, values)).rows[0];

test('claims due contacts: ledger, open attempt, contact and slice in one step', async () => {
  const { claim, sliceId, campaignId } = await slice({ contacts: 5 });
  const claimed = await claim(3);
  expect(claimed).toHaveLength(3);
  expect(await one('SELECT used FROM slices WHERE slice_id = $1', [sliceId])).toEqual({ used: 3 });
  expect(await one('SELECT count(*)::int AS n FROM call_attempts WHERE campaign_id = $1 AND worker_id = $2', [campaignId, 'w1'])).toEqual({ n: 3 });
  expect(await one(`SELECT count(*)::int AS n, sum(attempts)::int AS a FROM contacts WHERE status = 'dialing'`)).toEqual({ n: 3, a: 3 });
  expect(await one('SELECT count(*)::int AS n FROM open_attempts')).toEqual({ n: 3 });
  expect(await one(`SELECT value FROM report.campaign_counters WHERE counter = 'attempts'`)).toEqual({ value: '3' });
  expect(await claim(5)).toHaveLength(2);
});

test('never claims past the quota, and a redelivered slice does not spend it twice', async () => {
  const { claim, sliceId } = await slice({ contacts: 30, quota: 8 });
  expect(await claim(5)).toHaveLength(5);
  await expect(claim(4)).resolves.toEqual([]);
  const again = await takeSlice(database, sliceId, 'w2');
  expect(again).toMatchObject({ lease: 2, remaining: 3 });
  expect(await claim(3)).toHaveLength(0); // the first taker's lease is stale
  expect(await claim(3, { lease: 2, workerId: 'w2' })).toHaveLength(3);
});

test('a new term voids what older terms left, at once', async () => {
  const { claim, sliceId } = await slice();
  await beginTerm(database, 'm2');
  expect(await claim(1)).toHaveLength(0);
  expect(await takeSlice(database, sliceId, 'w2')).toBeNull();
  expect(await one('SELECT closed_at IS NOT NULL AS closed FROM slices WHERE slice_id = $1', [sliceId])).toEqual({ closed: true });
});

test('a slice of an older term that was not voided, because it was written in the same instant, is neither taken nor claimed from', async () => {
  const { claim, sliceId, term } = await slice();
  expect(await claim(1, { term: term + 1 })).toEqual([]); // nor with a term that the slice is not of
  await test1.pool.query('UPDATE leadership SET term = term + 1');
  expect(await takeSlice(database, sliceId, 'w2')).toBeNull();
  expect(await claim(1)).toEqual([]);
});

test('a deposed master writes no slice', async () => {
  const { campaignId, term } = await slice();
  await beginTerm(database, 'm2');
  expect(await issueSlices(database, term, 60, [{ sliceId: uuid(), campaignId, quota: 1 }])).toEqual([]);
});

test.each([
  ['paused', `UPDATE campaigns SET status = 'paused'`],
  ['outside its hours', `UPDATE campaigns SET window_from = ((now() AT TIME ZONE time_zone) + interval '1 hour')::time, window_to = ((now() AT TIME ZONE time_zone) + interval '2 hours')::time`],
  ['with an expired slice', `UPDATE slices SET expires_at = now()`],
  ['with a closed slice', `UPDATE slices SET closed_at = now()`],
  ['with every contact due later', `UPDATE contacts SET due_at = now() + interval '1 s'`],
])('claims nothing of a campaign %s', async (_, sql) => {
  const { claim } = await slice();
  await test1.pool.query(sql);
  expect(await claim(2)).toEqual([]);
  expect(await one('SELECT count(*)::int AS n FROM open_attempts')).toEqual({ n: 0 });
});

test.each([
  ['has expired', `UPDATE slices SET expires_at = now()`],
  ['is closed', `UPDATE slices SET closed_at = now()`],
  ['is of a paused campaign', `UPDATE campaigns SET status = 'paused'`],
])('a slice that %s is not taken', async (_, sql) => {
  const { sliceId } = await slice();
  await test1.pool.query(sql);
  expect(await takeSlice(database, sliceId, 'w2')).toBeNull();
});

test('what is left of a slice is voided by its present taker or its master, not by a former taker', async () => {
  const { sliceId, claim } = await slice();
  const again = await takeSlice(database, sliceId, 'w2');
  await closeSlices(database, [sliceId], 1);
  expect(await claim(1, { lease: again?.lease ?? 0 })).toHaveLength(1);
  await closeSlices(database, [sliceId], again?.lease);
  expect(await claim(1, { lease: again?.lease ?? 0 })).toEqual([]);
});

test.each(['completed', 'failed', 'dialing'])('a contact that is %s is not claimed, whenever it was due', async (status) => {
  const { claim } = await slice({ contacts: 1 });
  await test1.pool.query('UPDATE contacts SET status = $1', [status]);
  expect(await claim(1)).toEqual([]);
});

test('claims at once with one lease share the quota of their slice, and none fails', async () => {
  const { claim, sliceId } = await slice({ contacts: 40, quota: 8 });
  const blocker = await test1.pool.connect();
  await blocker.query('BEGIN; LOCK TABLE open_attempts IN SHARE MODE'); // all are under way before the first can end
  const ends = Promise.allSettled(Array.from({ length: 6 }, () => claim(4)));
  await until(async () => (await one(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`))?.['n'] === 6);
  await blocker.query('ROLLBACK');
  blocker.release();
  const claims = await ends;
  expect(claims.map((one) => (one.status === 'fulfilled' ? one.value.length : String(one.reason))).toSorted()).toEqual([0, 0, 0, 0, 4, 4]);
  expect(await one('SELECT used FROM slices WHERE slice_id = $1', [sliceId])).toEqual({ used: 8 });
});

test('eight claimers at once never claim a contact twice', async () => {
  const { campaignId, term } = await slice({ contacts: 200 });
  const slices = await issueSlices(database, term, 60, newIds(8).map((sliceId) => ({ sliceId, campaignId, quota: 40 })));
  const claimed = await Promise.all(
    slices.map(async ({ sliceId }) => {
      await takeSlice(database, sliceId, 'w');
      const rounds = [];
      for (let round = 0; round < 8; round++) {
        rounds.push(...(await claimContacts(database, { sliceId, lease: 1, term, workerId: 'w', pbx: 'pbx1', attemptIds: newIds(5), dialBy: 2_000_000_000 })));
      }
      return rounds;
    }),
  );
  const contacts = claimed.flat().map((attempt) => attempt.contact_id);
  expect(contacts).toHaveLength(200);
  expect(new Set(contacts).size).toBe(200);
});

test('one open attempt per number, whatever list it came from; the other contact waits', async () => {
  const phones = () => ['+5511912345678'];
  const first = await slice({ contacts: 3, phones });
  expect(await first.claim(3)).toHaveLength(1);
  expect(await one(`SELECT count(*)::int AS n FROM contacts WHERE status = 'ready' AND attempts = 0 AND due_at > now() + interval '20 s'`)).toEqual({ n: 2 });
  const other = await slice({ contacts: 1, phones });
  expect(await other.claim(1)).toHaveLength(0);
});

test('claims by priority, then by due time, each contact on the phone whose turn it is', async () => {
  const { claim, contactIds } = await slice({ contacts: 4, phones: (index) => [`+551191234567${index}`, `+551199999999${index}`] });
  const [a, b, c, d] = contactIds;
  await test1.pool.query(`UPDATE contacts SET priority = 1 WHERE contact_id = $1`, [a]);
  await test1.pool.query(`UPDATE contacts SET due_at = now() - interval '1 hour', next_phone = 2 WHERE contact_id = $1`, [c]);
  await test1.pool.query(`UPDATE contacts SET due_at = now() - interval '1 minute' WHERE contact_id = $1`, [d]);
  const claimed = [...(await claim(1)), ...(await claim(1)), ...(await claim(1)), ...(await claim(1))];
  expect(claimed.map((attempt) => attempt.contact_id)).toEqual([c, d, b, a]);
  expect(claimed.map((attempt) => attempt.phone)).toEqual(['+5511999999992', '+5511912345673', '+5511912345671', '+5511912345670']);
});

test('a contact with an open attempt is never claimed, even if its status says ready', async () => {
  const { claim } = await slice({ contacts: 1, phones: () => ['+5511912345678', '+5511912345679'] });
  expect(await claim(1)).toHaveLength(1);
  await test1.pool.query(`UPDATE contacts SET status = 'ready', due_at = now(), next_phone = 2`); // its other number is free
  expect(await claim(1)).toHaveLength(0);
});

test('refuses absurd sizes', async () => {
  const { claim } = await slice();
  await expect(claim(0)).rejects.toThrow(RangeError);
  await expect(claim(501)).rejects.toThrow(RangeError);
});
