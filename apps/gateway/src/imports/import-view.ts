import type { Import, ImportError } from '@discador/contracts/http/imports';
import type { ImportJob } from '@discador/postgres/import/import-job';

const position = ({ line, column, code }: ImportError): ImportError => ({ line, column, code });

/** An import as the API shows it; the rows themselves stay out of it. */
export function importView(job: ImportJob, errors: readonly ImportError[], notes: readonly ImportError[]): Import {
  const { jobId, campaignId, status, error, rowsRead, imported, rejected, noteCounts } = job;
  return {
    id: jobId, campaignId, status, error, rowsRead, imported, rejected, errors: errors.map(position),
    noteCounts: { ...noteCounts }, notes: notes.map(position), createdAt: job.createdAt.toISOString(), finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
