import type { Readable } from 'node:stream';
import { DiscadorError } from '@discador/contracts/discador-error';
import type { Import, ImportQuery } from '@discador/contracts/http/imports';
import { isBrazilianArea } from '@discador/domain/contacts/brazilian-number';
import { isKnownRegion } from '@discador/import/phone/normalize-phone';
import { rejectedCsv } from '@discador/import/rejected-csv';
import type { Database } from '@discador/postgres/database';
import { checkCampaignTakesContacts, findImportJob, type ImportJob, openImportJob, reopenImportJob } from '@discador/postgres/import/import-job';
import { allRejections, importNotes, rejectionsAfter } from '@discador/postgres/import/import-rejections';
import { v4, v7 } from 'uuid';
import type { ImportRunner } from './import-runner.ts';
import { importView } from './import-view.ts';
import type { UploadSpool } from './upload-spool.ts';

const SHOWN_ERRORS = 1000;

/** Takes contact files in and tells what became of them. */
export class ImportService {
  readonly #database: Database;
  readonly #spool: UploadSpool;
  readonly #runner: ImportRunner;

  constructor(database: Database, spool: UploadSpool, runner: ImportRunner) {
    this.#database = database;
    this.#spool = spool;
    this.#runner = runner;
  }

  /** Receives a file and begins its import; with the key of an earlier one, and the same file, goes on with that one.
   *  @throws DiscadorError `not_found`, `conflict` (finished campaign; key of another file), `invalid_input` */
  async accept(campaignId: string, key: string | undefined, query: ImportQuery, body: Readable): Promise<Import> {
    checkQuery(query);
    await checkCampaignTakesContacts(this.#database, campaignId);
    const upload = await this.#spool.receive(body);
    const wanted = { jobId: v7(), campaignId, idempotencyKey: key ?? v4(), fileSha256: upload.sha256, options: { ...query } };
    let job: ImportJob;
    try {
      const { jobId } = await openImportJob(this.#database, wanted);
      job = await reopenImportJob(this.#database, jobId);
    } catch (error) {
      await this.#spool.discard(upload);
      throw error;
    }
    if (job.status === 'running' && !this.#runner.isRunning(job.jobId)) {
      await this.#spool.keep(upload, job.jobId);
      this.#runner.start(job.jobId);
    } else {
      await this.#spool.discard(upload);
    }
    return this.#view(job);
  }

  /** @throws DiscadorError `not_found` */
  async get(jobId: string): Promise<Import> {
    return this.#view(await findImportJob(this.#database, jobId));
  }

  /** The rejected rows of an import as a file, in pieces.
   *  @throws DiscadorError `not_found` */
  async rejected(jobId: string): Promise<AsyncIterable<string>> {
    const { headers, delimiter } = await findImportJob(this.#database, jobId);
    return rejectedCsv(allRejections(this.#database, jobId), { headers: headers ?? [], delimiter: delimiter ?? ';' });
  }

  async #view(job: ImportJob): Promise<Import> {
    const [errors, notes] = await Promise.all([rejectionsAfter(this.#database, job.jobId, 0, SHOWN_ERRORS), importNotes(this.#database, job.jobId)]);
    return importView(job, errors, notes);
  }
}

function checkQuery({ region, areaCode }: ImportQuery): void {
  const errors = [
    ...(isKnownRegion(region) ? [] : [{ field: 'region', code: 'not_allowed', message: 'there is no such country' }]),
    ...(areaCode === undefined || isBrazilianArea(areaCode) ? [] : [{ field: 'areaCode', code: 'not_allowed', message: 'there is no such area code' }]),
  ];
  if (errors.length > 0) throw new DiscadorError('invalid_input', 'The query is not valid.', { details: { part: 'query', errors } });
}
