import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { Database } from '../database.ts';
import { newIds, seedCampaign, type SeedOptions } from '../testing/seed.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { beginTerm } from './begin-term.ts';
import { claimContacts } from './claim-contacts.ts';
import { finishCampaigns } from './finish-campaigns.ts';
import { issueSlices } from './issue-slices.ts';
import { planCampaigns } from './plan-campaigns.ts';
import { recordOutcomes, type Outcome } from './record-outcomes.ts';
import { takeSlice } from './take-slice.ts';

let db: TestDatabase;
let database: Database;

beforeEach(async () => {
  db = await createTestDatabase();
  database = new Database({ url: db.url, name: 'test', log: pino({ level: 'silent' }) });
});
afterEach(async () => {
  await database.close();
  await db.drop();
});

async function dialled(options: SeedOptions = {}) {
  const seeded = await seedCampaign(db.pool, { contacts: 4, ...options });
  const term = await beginTerm(database, 'm1');
  const [slice] = await issueSlices(database, term, 60, [{ sliceId: uuid(), campaignId: seeded.campaignId, quota: 100 }]);
  await takeSlice(database, slice?.sliceId ?? '', 'w1');
  const request = { sliceId: slice?.sliceId ?? '', lease: 1, term, workerId: 'w1', pbx: 'pbx1', attemptIds: newIds(4), dialBy: 2_000_000_000 };
  return { ...seeded, term, attempts: await claimContacts(database, request) };
}

const outcome = (attemptId: string, over: Partial<Outcome> = {}): Outcome => ({
  attemptId, disposition: 'busy', cause: 17, startedAt: '2026-01-01T12:00:00Z', endedAt: '2026-01-01T12:00:05Z', inferred: false, ...over,
});
const rows = async (sql: string) => (await db.pool.query<Record<string, unknown>>(sql)).rows;

test('stores the end in ledger, contact and counters, and closes the attempt', async () => {
  const { attempts, campaignId } = await dialled();
  const [a, b] = attempts;
  const closed = await recordOutcomes(database, [
    outcome(a?.attempt_id ?? '', { disposition: 'answered', cause: 16, answeredAt: '2026-01-01T12:00:02Z' }),
    outcome(b?.attempt_id ?? ''),
  ]);
  expect(closed.map((attempt) => attempt.trunk)).toEqual(['default', 'default']);
  expect(await rows('SELECT count(*)::int AS n FROM open_attempts')).toEqual([{ n: 2 }]);
  expect(await rows(`SELECT status, result, attempts FROM contacts WHERE status IN ('completed', 'retry') ORDER BY status`)).toEqual([
    { status: 'completed', result: 'answered', attempts: 1 },
    { status: 'retry', result: 'busy', attempts: 1 },
  ]);
  const counters = await rows(`SELECT counter, value::int FROM report.campaign_counters WHERE campaign_id = '${campaignId}' ORDER BY counter`);
  expect(counters).toEqual([
    { counter: 'attempts', value: 4 },
    { counter: 'disposition:answered', value: 1 },
    { counter: 'disposition:busy', value: 1 },
    { counter: 'processed', value: 1 },
    { counter: 'successful', value: 1 },
    { counter: 'talk_ms', value: 3000 },
  ]);
});

test('the first end wins; a later one is kept as evidence', async () => {
  const { attempts } = await dialled();
  const id = attempts[0]?.attempt_id ?? '';
  await recordOutcomes(database, [outcome(id)]);
  expect(await recordOutcomes(database, [outcome(id, { disposition: 'answered' })], 'sweeper')).toEqual([]);
  expect(await rows(`SELECT disposition, outcome_source FROM report.attempts WHERE attempt_id = '${id}'`)).toEqual([{ disposition: 'busy', outcome_source: 'events' }]);
  expect(await rows(`SELECT event->>'disposition' AS said FROM attempt_evidence`)).toEqual([{ said: 'answered' }]);
  expect(await rows(`SELECT attempts FROM contacts WHERE status = 'retry'`)).toEqual([{ attempts: 1 }]);
});

test('the same batch from two consumers at once counts once', async () => {
  const { attempts } = await dialled();
  const batch = attempts.map((attempt) => outcome(attempt.attempt_id));
  const closed = await Promise.all([recordOutcomes(database, batch), recordOutcomes(database, [...batch].reverse())]);
  expect(closed.flat()).toHaveLength(4);
  expect(await rows(`SELECT sum(value)::int AS n FROM report.campaign_counters WHERE counter = 'disposition:busy'`)).toEqual([{ n: 4 }]);
});

test('attempts that nobody knows are ignored', async () => {
  await dialled();
  expect(await recordOutcomes(database, [outcome(uuid())])).toEqual([]);
  expect(await rows('SELECT * FROM attempt_evidence')).toEqual([]);
});

test('an attempt that was never placed gives the contact back uncounted', async () => {
  const { attempts } = await dialled({ maxAttempts: 1 });
  await recordOutcomes(database, [outcome(attempts[0]?.attempt_id ?? '', { disposition: 'not_placed', cause: 26 })]);
  expect(await rows(`SELECT attempts, status FROM contacts WHERE status = 'retry'`)).toEqual([{ attempts: 0, status: 'retry' }]);
});

test('a retry is due after the delay of its campaign, a final contact never', async () => {
  const { attempts } = await dialled();
  const [a, b] = attempts;
  await recordOutcomes(database, [outcome(a?.attempt_id ?? ''), outcome(b?.attempt_id ?? '', { disposition: 'answered' })]);
  expect(await rows(`SELECT status, round(extract(epoch FROM due_at - now()) / 60)::int AS minutes FROM contacts WHERE status <> 'dialing' ORDER BY status`)).toEqual([
    { status: 'completed', minutes: 0 },
    { status: 'retry', minutes: 30 },
  ]);
});

test('the next phone of a contact is the one in turn', async () => {
  const { attempts } = await dialled({ phones: (index) => [`+551191234567${index}`, `+551199999999${index}`] });
  await recordOutcomes(database, attempts.slice(0, 2).map((attempt) => outcome(attempt.attempt_id)));
  expect(await rows('SELECT next_phone, count(*)::int AS n FROM contacts GROUP BY 1 ORDER BY 1')).toEqual([{ next_phone: 1, n: 2 }, { next_phone: 2, n: 2 }]);
});

test('the attempts of a contact count, and its own bound on them goes before that of its campaign', async () => {
  const { attempts } = await dialled({ maxAttempts: 3 });
  await db.pool.query(`UPDATE contacts SET max_attempts = 1 WHERE contact_id = $1`, [attempts[0]?.contact_id]);
  await recordOutcomes(database, attempts.slice(0, 2).map((attempt) => outcome(attempt.attempt_id)));
  expect(await rows(`SELECT status, attempts FROM contacts WHERE status <> 'dialing' ORDER BY status`)).toEqual([{ status: 'failed', attempts: 1 }, { status: 'retry', attempts: 1 }]);
});

test('when the contacts cannot be stored the ends are not either, and all of it is when they come again', async () => {
  const { attempts } = await dialled();
  const batch = attempts.map((attempt) => outcome(attempt.attempt_id));
  await db.pool.query(`ALTER TABLE campaign_deltas ADD CONSTRAINT none CHECK (counter NOT LIKE 'disposition:%')`);
  await expect(recordOutcomes(database, batch)).rejects.toMatchObject({ code: '23514' });
  const state = `SELECT (SELECT count(*)::int FROM open_attempts) AS open, (SELECT count(*)::int FROM call_attempts WHERE ended_at IS NOT NULL) AS ended,
                        (SELECT count(*)::int FROM contacts WHERE status = 'dialing') AS dialing`;
  expect(await rows(state)).toEqual([{ open: 4, ended: 0, dialing: 4 }]);
  await db.pool.query('ALTER TABLE campaign_deltas DROP CONSTRAINT none');
  await recordOutcomes(database, batch);
  expect(await rows(state)).toEqual([{ open: 0, ended: 4, dialing: 0 }]);
});

test('a campaign into which contacts are being imported does not finish', async () => {
  const { attempts, term, campaignId } = await dialled({ maxAttempts: 1 });
  await recordOutcomes(database, attempts.map((attempt) => outcome(attempt.attempt_id)));
  await db.pool.query(`INSERT INTO import_jobs (job_id, campaign_id, idempotency_key) VALUES ($1, $2, 'k')`, [uuid(), campaignId]);
  expect(await finishCampaigns(database, term)).toEqual([]);
});

test('plans show what is in flight, and a campaign finishes when every contact is final', async () => {
  const { attempts, term, campaignId } = await dialled({ maxAttempts: 1 });
  expect(await planCampaigns(database, term)).toMatchObject([{ campaign_id: campaignId, in_flight: 4, ordered: 96, due: 0, inside_window: true }]);
  expect(await planCampaigns(database, term - 1)).toEqual([]);
  expect(await finishCampaigns(database, term)).toEqual([]);
  await recordOutcomes(database, attempts.map((attempt) => outcome(attempt.attempt_id)));
  expect(await finishCampaigns(database, term - 1)).toEqual([]);
  expect(await finishCampaigns(database, term)).toEqual([campaignId]);
});
