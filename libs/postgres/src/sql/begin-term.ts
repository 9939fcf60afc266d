import type { Queryable } from '../database.ts';

const SQL = `
WITH elected AS (
  UPDATE leadership SET term = term + 1, holder = $1, elected_at = now() RETURNING term
), voided AS (
  UPDATE slices SET closed_at = now()
   WHERE closed_at IS NULL AND expires_at > now() AND term < (SELECT term FROM elected)
)
SELECT term::text FROM elected`;

/** Begins a master's term: raises the number that fences every slice and voids what older terms left unused.
 *  From its commit on, no claim of an older term succeeds.
 *  @param holder the replica's name, for people
 *  @returns the new term */
export async function beginTerm(on: Queryable, holder: string): Promise<number> {
  const { rows } = await on.query<{ term: string }>({ name: 'begin-term', text: SQL, values: [holder] });
  return Number(rows[0]?.term);
}
