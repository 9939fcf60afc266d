import { DiscadorError } from '@discador/contracts/discador-error';
import type { Database } from '../database.ts';
import { finishImportJob, type ImportJob } from './import-job.ts';
import { type BatchRow, loadBatch } from './load-batch.ts';

/** What a reader of contact files says, as far as loading needs it. */
export type ImportEvent =
  | BatchRow
  | { readonly kind: 'header'; readonly headers: readonly string[]; readonly delimiter: string }
  | { readonly kind: 'summary'; readonly refused: string | null };

export const BATCH_ROWS = 2000;

/** Loads what a file says into its job, from the row where the job stands; the same file read again goes on there.
 *  @param events  of the whole file, from its start
 *  @returns the finished job
 *  @throws DiscadorError `lease_lost` when another process took the job over; the database's errors, with the job left running */
export async function runImport(database: Database, start: ImportJob, events: AsyncIterable<ImportEvent>, batchRows = BATCH_ROWS): Promise<ImportJob> {
  let job = start;
  let seen = 0;
  let batch: BatchRow[] = [];
  for await (const event of events) {
    if (event.kind === 'header') {
      job = { ...job, headers: event.headers, delimiter: event.delimiter };
    } else if (event.kind === 'summary') {
      if (batch.length > 0) job = await loadBatch(database, job, batch);
      return finishImportJob(database, job, event.refused);
    } else if (++seen > start.rowsRead) {
      batch.push(event);
      if (batch.length < batchRows) continue;
      job = await loadBatch(database, job, batch);
      batch = [];
    }
  }
  throw new DiscadorError('invalid_input', 'the file ended without a summary', { details: { jobId: job.jobId } });
}
