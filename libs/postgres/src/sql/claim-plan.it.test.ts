import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { seedCampaign } from '../testing/seed.ts';
import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { Database } from '../database.ts';
import { newIds } from '../testing/seed.ts';
import { beginTerm } from './begin-term.ts';
import { claimSql } from './claim-contacts.ts';
import { issueSlices } from './issue-slices.ts';
import { PLAN_SQL } from './plan-campaigns.ts';
import { takeSlice } from './take-slice.ts';

const CONTACTS = 1_000_000;
let db: TestDatabase;
let database: Database;
let values: unknown[];

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database({ url: db.url, name: 'test', log: pino({ level: 'silent' }) });
  const { campaignId } = await seedCampaign(db.pool, { contacts: 0 });
  await db.pool.query(
    `INSERT INTO contacts (contact_id, campaign_id, phones, status, due_at)
     SELECT gen_random_uuid(), $1, ARRAY['+55119' || lpad(i::text, 8, '0')],
            (ARRAY['ready', 'retry', 'completed', 'failed'])[1 + i % 4], now() - make_interval(secs => i % 5000)
       FROM generate_series(1, ${CONTACTS}) AS i`,
    [campaignId],
  );
  await db.pool.query('ANALYZE contacts');
  const term = await beginTerm(database, 'm');
  const [slice] = await issueSlices(database, term, 600, [{ sliceId: uuid(), campaignId, quota: 100 }]);
  await takeSlice(database, slice?.sliceId ?? '', 'w');
  values = [slice?.sliceId, 1, term, 'w', 'pbx1', newIds(20), 2_000_000_000];
}, 120_000);

afterAll(async () => {
  await database.close();
  await db.drop();
});

/** The generic plan of the prepared statement, as the server runs it after five executions. */
async function genericPlan(sql: string, args: unknown[]): Promise<{ text: string; buffers: number }> {
  const client = await db.pool.connect();
  try {
    await client.query('SET plan_cache_mode = force_generic_plan');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>({ text: `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) ${sql}`, values: args });
    const text = rows.map((row) => row['QUERY PLAN']).join('\n');
    const buffers = Math.max(...[...text.matchAll(/shared hit=(\d+)(?: read=(\d+))?/g)].map((match) => Number(match[1]) + Number(match[2] ?? 0)));
    return { text, buffers };
  } finally {
    client.release();
  }
}

test('the claim walks the partial index of due contacts and touches a few pages of a million contacts', async () => {
  const { text, buffers } = await genericPlan(claimSql(20), values);
  expect(text).toContain('contacts_due');
  expect(text).not.toMatch(/Seq Scan on contacts|Sort.*contacts/);
  expect(buffers).toBeLessThan(2000);
});

test('planning a round counts due contacts only up to its cap', async () => {
  const { text, buffers } = await genericPlan(PLAN_SQL, [1]);
  expect(text).not.toContain('Seq Scan on contacts');
  expect(buffers).toBeLessThan(2500);
});
