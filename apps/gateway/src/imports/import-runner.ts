import { DiscadorError } from '@discador/contracts/discador-error';
import { readContacts } from '@discador/import/read-contacts';
import type { Database } from '@discador/postgres/database';
import { finishImportJob, giveUpStaleImports, type ImportJob, reopenImportJob } from '@discador/postgres/import/import-job';
import { runImport } from '@discador/postgres/import/run-import';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import type { Logger } from 'pino';
import type { UploadSpool } from './upload-spool.ts';

/** Nobody goes on with an import that has not moved for this long. */
const STALE_SEC = 600;
const SWEEP_MS = 60_000;

/** The database is away for now: everything else is final. */
const isPassing = (error: unknown): boolean => error instanceof DiscadorError && error.retry === 'later';

/** Runs imports in the background, each to its end through absences of the database, and takes up at start what a crash left. */
export class ImportRunner {
  readonly #database: Database;
  readonly #spool: UploadSpool;
  readonly #log: Logger;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #patience = retry(handleWhen(isPassing), {
    maxAttempts: Number.POSITIVE_INFINITY,
    backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 10_000 }),
  });
  #sweeper: NodeJS.Timeout | undefined;

  constructor(database: Database, spool: UploadSpool, log: Logger) {
    this.#database = database;
    this.#spool = spool;
    this.#log = log;
  }

  isRunning(jobId: string): boolean {
    return this.#running.has(jobId);
  }

  /** Begins, or goes on with, a job whose file is in the spool. */
  start(jobId: string): void {
    if (this.isRunning(jobId) || this.#stopping.signal.aborted) return;
    const run = this.#run(jobId).finally(() => this.#running.delete(jobId));
    this.#running.set(jobId, run);
  }

  /** Takes up what the last life of this process left, and looks for what others left. */
  resume(): void {
    void this.#spool.leftovers().then((jobIds) => jobIds.forEach((jobId) => this.start(jobId)));
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS).unref();
  }

  /** Stops at the next batch; the jobs stay open, for the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeper);
    this.#stopping.abort();
    await Promise.allSettled(this.#running.values());
  }

  async #run(jobId: string): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const job = await this.#patience.execute(() => this.#once(jobId, signal), signal);
      await this.#spool.remove(jobId);
      const { status, imported, rejected, error } = job;
      this.#log.info({ jobId, campaignId: job.campaignId, status, imported, rejected, error }, 'import ended');
    } catch (error) {
      if (!signal.aborted) await this.#failed(jobId, error);
    }
  }

  async #once(jobId: string, signal: AbortSignal): Promise<ImportJob> {
    signal.throwIfAborted();
    const job = await reopenImportJob(this.#database, jobId);
    if (job.status !== 'running') return job;
    return runImport(this.#database, job, readContacts(this.#spool.read(jobId, signal), job.options));
  }

  async #failed(jobId: string, error: unknown): Promise<void> {
    const code = error instanceof DiscadorError ? error.code : null;
    // Another replica goes on with it, from its own copy of the file.
    if (code === 'lease_lost') return this.#log.info({ jobId }, 'import taken over by another process');
    await this.#spool.remove(jobId);
    // Its campaign was deleted, or the file belongs to another database.
    if (code === 'not_found') return this.#log.info({ jobId }, 'import dropped: there is no such job any more');
    this.#log.error({ err: error, jobId }, 'import failed');
    const job = await reopenImportJob(this.#database, jobId).catch(() => null);
    if (job) await finishImportJob(this.#database, job, 'internal').catch(() => undefined);
  }

  async #sweep(): Promise<void> {
    try {
      const jobIds = await giveUpStaleImports(this.#database, STALE_SEC);
      if (jobIds.length > 0) this.#log.warn({ jobIds }, 'imports given up: nobody went on with them');
    } catch (error) {
      this.#log.debug({ err: error }, 'stale imports could not be looked for');
    }
  }
}
