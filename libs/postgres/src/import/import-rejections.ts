import type { Queryable } from '../database.ts';

export type StoredRejection = { readonly line: number; readonly column: string; readonly code: string; readonly raw: string };
export type StoredNote = Omit<StoredRejection, 'raw'>;

const PAGE = `
  SELECT line::float8 AS line, column_name AS "column", code, raw FROM import_rejections
   WHERE job_id = $1 AND line > $2 ORDER BY line LIMIT $3`;

/** Rejected rows in the order of the file.
 *  @param after  line to start behind; 0 for the first page
 *  @param limit  rows, 1–5,000 */
export async function rejectionsAfter(on: Queryable, jobId: string, after: number, limit: number): Promise<StoredRejection[]> {
  return (await on.query<StoredRejection>({ text: PAGE, values: [jobId, after, limit] })).rows;
}

/** All rejected rows of a job, page by page: a file of nothing but bad rows fits through any memory. */
export async function* allRejections(on: Queryable, jobId: string, pageRows = 2000): AsyncGenerator<StoredRejection[]> {
  for (let after = 0; ; ) {
    const page = await rejectionsAfter(on, jobId, after, pageRows);
    if (page.length > 0) yield page;
    if (page.length < pageRows) return;
    after = page.at(-1)?.line ?? after;
  }
}

/** The notes kept of a job, in the order of the file. */
export async function importNotes(on: Queryable, jobId: string): Promise<StoredNote[]> {
  const text = `SELECT line::float8 AS line, column_name AS "column", code FROM import_notes WHERE job_id = $1 ORDER BY line, column_name, code`;
  return (await on.query<StoredNote>({ text, values: [jobId] })).rows;
}
