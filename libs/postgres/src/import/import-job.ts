import { DiscadorError } from '@discador/contracts/discador-error';
import type { Queryable } from '../database.ts';

export type ImportJob = {
  readonly jobId: string;
  readonly campaignId: string;
  readonly fileSha256: string;
  /** How the file is to be read; part of what makes a repeat the same import. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly status: 'running' | 'done' | 'failed';
  /** Rows of the file, good and bad, that are committed: where a repeat goes on. */
  readonly rowsRead: number;
  readonly imported: number;
  readonly rejected: number;
  readonly noteCounts: Readonly<Record<string, number>>;
  readonly headers: readonly string[] | null;
  readonly delimiter: string | null;
  /** A code when the whole file was refused. */
  readonly error: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
};

export type JobRow = {
  job_id: string; campaign_id: string; file_sha256: string | null; options: Record<string, unknown>; status: ImportJob['status'];
  rows_read: string; imported: string; rejected: string; note_counts: Record<string, number>; headers: string[] | null;
  delimiter: string | null; error: string | null; created_at: Date; updated_at: Date; finished_at: Date | null;
};

/** Maps a row of import_jobs. */
export function toImportJob(row: JobRow): ImportJob {
  return {
    jobId: row.job_id, campaignId: row.campaign_id, fileSha256: row.file_sha256 ?? '', options: row.options, status: row.status,
    rowsRead: Number(row.rows_read), imported: Number(row.imported), rejected: Number(row.rejected), noteCounts: row.note_counts,
    headers: row.headers, delimiter: row.delimiter, error: row.error, createdAt: row.created_at, updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  };
}

export type NewImport = {
  /** Used when the key is new; a repeat keeps the id of the first. */
  readonly jobId: string;
  readonly campaignId: string;
  readonly idempotencyKey: string;
  readonly fileSha256: string;
  readonly options: Readonly<Record<string, unknown>>;
};

const OPEN = `
  INSERT INTO import_jobs (job_id, campaign_id, idempotency_key, file_sha256, options)
  SELECT $1, campaign_id, $3, $4, $5 FROM campaigns WHERE campaign_id = $2
  ON CONFLICT (campaign_id, idempotency_key) DO NOTHING`;

const BY_KEY = `
  SELECT *, options = $4::jsonb AND file_sha256 = $3 AS is_same
    FROM import_jobs WHERE campaign_id = $1 AND idempotency_key = $2`;

/** Opens an import, or finds the one that this key opened before.
 *  @throws DiscadorError `not_found` when there is no such campaign; `conflict` when the key belongs to another file or options */
export async function openImportJob(on: Queryable, wanted: NewImport): Promise<ImportJob> {
  const { jobId, campaignId, idempotencyKey, fileSha256 } = wanted;
  const options = JSON.stringify(wanted.options);
  await on.query({ text: OPEN, values: [jobId, campaignId, idempotencyKey, fileSha256, options] });
  const found = await on.query<JobRow & { is_same: boolean }>({ text: BY_KEY, values: [campaignId, idempotencyKey, fileSha256, options] });
  const row = found.rows[0];
  if (row === undefined) throw new DiscadorError('not_found', 'there is no such campaign', { details: { campaignId } });
  if (row.is_same) return toImportJob(row);
  throw new DiscadorError('conflict', 'the idempotency key belongs to another file or other options', { details: { jobId: row.job_id } });
}

/** @throws DiscadorError `not_found` when there is no such job */
export async function findImportJob(on: Queryable, jobId: string): Promise<ImportJob> {
  const found = await on.query<JobRow>({ text: 'SELECT * FROM import_jobs WHERE job_id = $1', values: [jobId] });
  const row = found.rows[0];
  if (row === undefined) throw new DiscadorError('not_found', 'there is no such import', { details: { jobId } });
  return toImportJob(row);
}

const FINISH = `
  UPDATE import_jobs SET status = $2, error = $3, finished_at = now(), updated_at = now()
   WHERE job_id = $1 AND status = 'running' AND rows_read = $4`;

/** Ends a job whose rows are all committed.
 *  @param error  why the whole file was refused, or null
 *  @returns the job as it stands now, whoever ended it */
export async function finishImportJob(on: Queryable, job: ImportJob, error: string | null): Promise<ImportJob> {
  await on.query({ text: FINISH, values: [job.jobId, error === null ? 'done' : 'failed', error, job.rowsRead] });
  return findImportJob(on, job.jobId);
}

/** Ends that a repeat with the same key undoes: the file was not at fault. */
const UNDONE = `('interrupted', 'internal')`;

const REOPEN = `
  UPDATE import_jobs SET status = 'running', error = NULL, finished_at = NULL, updated_at = now()
   WHERE job_id = $1 AND status = 'failed' AND error IN ${UNDONE}`;

/** Lets an import that was interrupted go on; leaves any other as it is.
 *  @returns the job as it stands now
 *  @throws DiscadorError `not_found` */
export async function reopenImportJob(on: Queryable, jobId: string): Promise<ImportJob> {
  await on.query({ text: REOPEN, values: [jobId] });
  return findImportJob(on, jobId);
}

const GIVE_UP = `
  UPDATE import_jobs SET status = 'failed', error = 'interrupted', finished_at = now(), updated_at = now()
   WHERE status = 'running' AND updated_at < now() - make_interval(secs => $1)
  RETURNING job_id`;

/** Ends the imports that nobody has gone on with for a while: a running one keeps its campaign from finishing.
 *  @returns their ids */
export async function giveUpStaleImports(on: Queryable, staleSec: number): Promise<string[]> {
  const { rows } = await on.query<{ job_id: string }>({ text: GIVE_UP, values: [staleSec] });
  return rows.map((row) => row.job_id);
}

/** @throws DiscadorError `not_found`; `conflict` when the campaign has finished */
export async function checkCampaignTakesContacts(on: Queryable, campaignId: string): Promise<void> {
  const found = await on.query<{ status: string }>({ text: 'SELECT status FROM campaigns WHERE campaign_id = $1', values: [campaignId] });
  const status = found.rows[0]?.status;
  if (status === undefined) throw new DiscadorError('not_found', 'there is no such campaign', { details: { campaignId } });
  if (status === 'finished') throw new DiscadorError('conflict', 'A finished campaign takes no more contacts.', { details: { campaignId } });
}
