import type { Queryable } from '../../database.ts';

const SQL = `
DELETE FROM slices
 WHERE slice_id IN (SELECT slice_id FROM slices WHERE expires_at < now() - make_interval(secs => $1) ORDER BY expires_at LIMIT $2)`;

/** Forgets slices long after they could be used.
 *  @param afterSec seconds since they expired
 *  @returns how many; `limit` means that more may be left */
export async function dropOldSlices(on: Queryable, afterSec: number, limit: number): Promise<number> {
  const { rowCount } = await on.query({ text: SQL, values: [afterSec, limit] });
  return rowCount ?? 0;
}
