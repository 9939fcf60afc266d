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
 *  While one batch is loaded the next is read.
 *  @param events  of the whole file, from its start
 *  @returns the finished job
 *  @throws DiscadorError `lease_lost` when another process took the job over; the database's errors, with the job left running */
export async function runImport(database: Database, start: ImportJob, events: AsyncIterable<ImportEvent>, batchRows = BATCH_ROWS): Promise<ImportJob> {
  const loader = new Loader(database, start);
  try {
    return await loadAll(database, start, loader, events, batchRows);
  } finally {
    await loader.settled();
  }
}

async function loadAll(database: Database, start: ImportJob, loader: Loader, events: AsyncIterable<ImportEvent>, batchRows: number): Promise<ImportJob> {
  let seen = 0;
  let batch: BatchRow[] = [];
  for await (const event of events) {
    if (event.kind === 'header') {
      loader.shape = { headers: event.headers, delimiter: event.delimiter };
    } else if (event.kind === 'summary') {
      await loader.load(batch);
      return finishImportJob(database, await loader.loaded(), event.refused);
    } else if (++seen > start.rowsRead) {
      batch.push(event);
      if (batch.length < batchRows) continue;
      await loader.load(batch);
      batch = [];
    }
  }
  throw new DiscadorError('invalid_input', 'the file ended without a summary', { details: { jobId: start.jobId } });
}

/** Loads batches one after the other, one of them while its caller reads on. */
class Loader {
  readonly #database: Database;
  #job: Promise<ImportJob>;
  shape: Pick<ImportJob, 'headers' | 'delimiter'>;

  constructor(database: Database, start: ImportJob) {
    this.#database = database;
    this.#job = Promise.resolve(start);
    this.shape = start;
  }

  /** Waits for the batch before, and begins this one. */
  async load(batch: readonly BatchRow[]): Promise<void> {
    const { headers, delimiter } = this.shape;
    const job = { ...(await this.#job), headers, delimiter };
    this.#job = batch.length === 0 ? Promise.resolve(job) : loadBatch(this.#database, job, batch);
    this.#job.catch(() => undefined); // awaited later, by load() or loaded(): not unhandled until then
  }

  loaded(): Promise<ImportJob> {
    return this.#job;
  }

  /** Waits until nothing is written any more, however it ended. */
  async settled(): Promise<void> {
    await this.#job.catch(() => undefined);
  }
}
