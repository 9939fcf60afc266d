import type { Queryable } from '../../database.ts';

/** Creates the ledger's monthly partitions from this month to `monthsAhead` later.
 *  @returns how many were missing */
export async function ensurePartitions(on: Queryable, monthsAhead: number): Promise<number> {
  const { rows } = await on.query<{ made: number }>({ text: 'SELECT ensure_attempt_partitions($1) AS made', values: [monthsAhead] });
  return rows[0]?.made ?? 0;
}
