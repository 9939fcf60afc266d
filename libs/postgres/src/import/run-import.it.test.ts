import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { v7 } from 'uuid';
import { Database } from '../database.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { checkCampaignTakesContacts, findImportJob, finishImportJob, giveUpStaleImports, type ImportJob, openImportJob, reopenImportJob } from './import-job.ts';
import { allRejections, importNotes } from './import-rejections.ts';
import { type BatchRow, loadBatch } from './load-batch.ts';
import { runImport } from './run-import.ts';
import { SAMPLE_ROWS, sampleFile } from './testing/sample-file.ts';

const KILLED = fileURLToPath(new URL('./testing/import-until-killed.ts', import.meta.url));

let scratch: TestDatabase;
let database: Database;

beforeAll(async () => {
  scratch = await createTestDatabase();
  database = new Database({ url: scratch.url, name: 'import-test', log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await database.close();
  await scratch.drop();
});

async function newCampaign(): Promise<string> {
  const campaignId = v7();
  await scratch.pool.query(`INSERT INTO campaigns (campaign_id, name, queue) VALUES ($1, 'x', 'q')`, [campaignId]);
  return campaignId;
}

async function newJob(campaignId: string, key = 'key', sha = 'abc', options: object = { region: 'BR' }): Promise<ImportJob> {
  return openImportJob(database, { jobId: v7(), campaignId, idempotencyKey: key, fileSha256: sha, options: { ...options } });
}

const contact = (line: number, ...phones: string[]): BatchRow => ({
  ok: true, kind: 'contact', line, raw: `r${line}`, notes: [], phoneColumns: phones.map((_, index) => `fone${index + 1}`), contact: { name: `n${line}`, phones },
});

/** What an import leaves behind, without what differs between campaigns. */
async function leftBehind(campaignId: string): Promise<unknown> {
  const contacts = await scratch.pool.query(`SELECT name, phones, extra FROM contacts WHERE campaign_id = $1 ORDER BY contact_id`, [campaignId]);
  const numbers = await scratch.pool.query(
    `SELECT phone, name FROM contact_numbers JOIN contacts USING (contact_id) WHERE contact_numbers.campaign_id = $1 ORDER BY phone`, [campaignId]);
  const jobs = await scratch.pool.query(
    `SELECT status, rows_read, imported, rejected, headers, delimiter, note_counts FROM import_jobs WHERE campaign_id = $1`, [campaignId]);
  const rejections = await scratch.pool.query(
    `SELECT line, column_name, code, raw FROM import_rejections JOIN import_jobs USING (job_id) WHERE campaign_id = $1 ORDER BY line`, [campaignId]);
  return [contacts.rows, numbers.rows, jobs.rows, rejections.rows];
}

/** Runs the sample import in a process of its own, and kills it when its reader has come to that line. */
async function importUntilKilled(jobId: string, hangAt: number): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=source', KILLED, scratch.url, jobId, String(hangAt)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
}

describe('loadBatch', () => {
  test('finds the duplicates of a campaign, and counts', async () => {
    const campaignId = await newCampaign();
    const first = await loadBatch(database, await newJob(campaignId, 'a'), [contact(2, '+5511900000001', '+5511900000002')]);
    expect(first).toMatchObject({ rowsRead: 1, imported: 1, rejected: 0 });
    const again = await loadBatch(database, await newJob(campaignId, 'b'), [
      contact(2, '+5511900000003', '+5511900000002'),
      contact(3, '+5511900000002', '+5511900000009'),
      contact(4, '+5511900000001'),
      { kind: 'rejected', line: 5, column: '', code: 'column_count', raw: '␀;"' },
    ]);
    expect(again).toMatchObject({ rowsRead: 4, imported: 1, rejected: 3, noteCounts: { alternate_duplicate: 1 } });
    const rejections = [];
    for await (const page of allRejections(database, again.jobId, 2)) rejections.push(...page.map(({ line, column, code }) => `${line} ${column} ${code}`));
    expect(rejections).toEqual(['3 fone1 duplicate_in_campaign', '4 fone1 duplicate_in_campaign', '5  column_count']);
    expect(await importNotes(database, again.jobId)).toEqual([{ line: 2, column: 'fone2', code: 'alternate_duplicate' }]);
    const phones = await scratch.pool.query(`SELECT phones FROM contacts WHERE campaign_id = $1 ORDER BY contact_id`, [campaignId]);
    expect(phones.rows.map((row) => row.phones)).toEqual([['+5511900000001', '+5511900000002'], ['+5511900000003']]);
  });

  test('the same phone may be in two campaigns', async () => {
    for (const campaignId of [await newCampaign(), await newCampaign()]) {
      expect(await loadBatch(database, await newJob(campaignId), [contact(2, '+5511900000001')])).toMatchObject({ imported: 1 });
    }
  });

  test('two imports into one campaign at once import each phone once', async () => {
    const campaignId = await newCampaign();
    const jobs = await Promise.all(['a', 'b', 'c'].map((key) => newJob(campaignId, key)));
    await Promise.all(jobs.map((job) => runImport(database, job, sampleFile(), 500)));
    const { rows } = await scratch.pool.query(`SELECT sum(imported)::int AS imported, sum(rejected)::int AS rejected FROM import_jobs WHERE campaign_id = $1`, [campaignId]);
    expect(rows[0]).toEqual({ imported: SAMPLE_ROWS * 0.98, rejected: SAMPLE_ROWS * 2.02 });
  });

  test('a batch of a job that has moved on changes nothing', async () => {
    const job = await newJob(await newCampaign());
    const rows = [contact(2, '+5511900000001')];
    await loadBatch(database, job, rows);
    await expect(loadBatch(database, job, rows)).rejects.toMatchObject({ code: 'lease_lost' });
    await finishImportJob(database, { ...job, rowsRead: 1 }, null);
    expect(await findImportJob(database, job.jobId)).toMatchObject({ status: 'done', rowsRead: 1, imported: 1 });
  });
});

describe('runImport', () => {
  test('of two processes on one job, one goes on and the other lets go; nothing is loaded twice', async () => {
    const campaignId = await newCampaign();
    const job = await newJob(campaignId);
    const ends = await Promise.allSettled([1, 2].map(() => runImport(database, job, sampleFile(), 500)));
    expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = ends.find((end) => end.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'lease_lost' });
    expect(await findImportJob(database, job.jobId)).toMatchObject({ status: 'done', imported: SAMPLE_ROWS * 0.98, rejected: SAMPLE_ROWS * 0.02 });
  });

  test('killed in the middle and repeated, it leaves what an undisturbed one does', async () => {
    const undisturbed = await newCampaign();
    await runImport(database, await newJob(undisturbed), sampleFile(), 500);
    const campaignId = await newCampaign();
    const job = await newJob(campaignId);
    for (const hangAt of [700, 2600, 3333]) await importUntilKilled(job.jobId, hangAt);
    const reopened = await newJob(campaignId);
    expect(reopened.jobId).toBe(job.jobId);
    expect(reopened.rowsRead).toBeGreaterThanOrEqual(2500);
    await runImport(database, reopened, sampleFile(), 500);
    expect(await leftBehind(campaignId)).toEqual(await leftBehind(undisturbed));
  }, 60_000);
});

describe('the job', () => {
  test('a key belongs to one file and one set of options', async () => {
    const campaignId = await newCampaign();
    const job = await newJob(campaignId);
    expect((await newJob(campaignId)).jobId).toBe(job.jobId);
    await expect(newJob(campaignId, 'key', 'other')).rejects.toMatchObject({ code: 'conflict' });
    await expect(newJob(campaignId, 'key', 'abc', { region: 'PT' })).rejects.toMatchObject({ code: 'conflict' });
    expect((await newJob(campaignId, 'key2')).jobId).not.toBe(job.jobId);
    expect((await newJob(await newCampaign())).jobId).not.toBe(job.jobId);
    await expect(newJob(v7())).rejects.toMatchObject({ code: 'not_found' });
  });

  test('one that nobody goes on with is given up, and goes on when asked again; a refused file stays refused', async () => {
    const job = await newJob(await newCampaign());
    const refused = await newJob(await newCampaign());
    await finishImportJob(database, refused, 'file_empty');
    await scratch.pool.query(`UPDATE import_jobs SET updated_at = now() - interval '1 hour' WHERE job_id = $1`, [job.jobId]);
    expect(await giveUpStaleImports(database, 600)).toEqual([job.jobId]);
    expect(await findImportJob(database, job.jobId)).toMatchObject({ status: 'failed', error: 'interrupted' });
    expect(await reopenImportJob(database, job.jobId)).toMatchObject({ status: 'running', error: null, finishedAt: null });
    expect(await reopenImportJob(database, refused.jobId)).toMatchObject({ status: 'failed', error: 'file_empty' });
  });

  test('a finished campaign takes no contacts', async () => {
    const campaignId = await newCampaign();
    await checkCampaignTakesContacts(database, campaignId);
    await scratch.pool.query(`UPDATE campaigns SET status = 'finished' WHERE campaign_id = $1`, [campaignId]);
    await expect(checkCampaignTakesContacts(database, campaignId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(checkCampaignTakesContacts(database, v7())).rejects.toMatchObject({ code: 'not_found' });
  });
});
