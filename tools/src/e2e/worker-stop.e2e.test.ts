import { numbers } from './numbers.ts';
import { settledDifferences } from './recorded-calls.ts';
import { count, eventually, openSystem, replicaOf, startCampaign, untilFinished, type System } from './system.ts';

/** SHUTDOWN_GRACE_SEC of the services. */
const GRACE_MS = 28_000;
const CONTACTS = 40;

let system: System;

beforeAll(async () => {
  system = await openSystem();
}, 120_000);

afterAll(() => system?.close());

test('a worker told to stop in mid-campaign ends with 0 within its grace, and its calls get their outcomes', async () => {
  const campaignId = await startCampaign(system, numbers(CONTACTS, '011'), {}, 10);
  const { worker, attempts } = await eventually('a worker has calls of its own', () => openCallsOfOneWorker(campaignId));
  const before = replicaOf(system, worker);
  process.kill(before.process?.pid ?? 0, 'SIGTERM');
  const after = await eventually('it has ended', () => {
    const now = replicaOf(system, worker);
    return (now.process?.pid !== before.process?.pid || now.status === 'waiting') && now;
  }, GRACE_MS);
  expect(after.lastExit).toBe('exit code 0');

  await untilFinished(system, campaignId);
  const { rows } = await system.db.query<{ disposition: string; inferred: boolean; n: string }>(
    'SELECT disposition, inferred, count(*) AS n FROM report.attempts WHERE attempt_id = ANY($1) GROUP BY 1, 2',
    [attempts],
  );
  expect(rows).toEqual([{ disposition: 'answered', inferred: false, n: String(attempts.length) }]);
  expect(await count(system, 'SELECT count(*) AS n FROM report.attempts WHERE campaign_id = $1 AND disposition = \'answered\'', campaignId)).toBe(CONTACTS);
  expect(await settledDifferences(system, campaignId)).toEqual([]);
}, 60_000);

async function openCallsOfOneWorker(campaignId: string): Promise<{ worker: string; attempts: string[] } | null> {
  const { rows } = await system.db.query<{ worker: string; attempts: string[] }>(
    `SELECT worker_id AS worker, array_agg(attempt_id::text) AS attempts FROM call_attempts WHERE campaign_id = $1 AND ended_at IS NULL
      GROUP BY 1 HAVING count(*) >= 5 ORDER BY count(*) DESC LIMIT 1`,
    [campaignId],
  );
  return rows[0] ?? null;
}
