import type { Queryable } from '../../database.ts';

const SQL = `
DELETE FROM import_rejections
 WHERE (job_id, line) IN (
   SELECT r.job_id, r.line FROM import_rejections r JOIN import_jobs j USING (job_id)
    WHERE j.finished_at < now() - make_interval(days => $1) LIMIT $2)`;

/** Forgets the rejected rows of imports that ended `days` days ago; they hold people's numbers. The job's totals stay.
 *  @returns how many; `limit` means that more may be left */
export async function dropOldRejections(on: Queryable, days: number, limit: number): Promise<number> {
  const { rowCount } = await on.query({ text: SQL, values: [days, limit] });
  return rowCount ?? 0;
}
