import type { Queryable } from '../../database.ts';

// Attempt ids are UUID v7: the primary key finds the old ones, and only their partitions are read. An attempt without an end is
// kept whatever its age: it is not accounted for yet.
const SQL = `
WITH old AS (
  SELECT attempt_id FROM call_attempts
   WHERE attempt_id < uuid_v7_floor(now() - make_interval(days => $1)) AND ended_at IS NOT NULL
   ORDER BY attempt_id LIMIT $2
), evidence AS (
  DELETE FROM attempt_evidence e USING old WHERE e.attempt_id = old.attempt_id
), cel AS (
  DELETE FROM pbx_cel c USING old WHERE c.attempt_id = old.attempt_id
), cdr AS (
  DELETE FROM pbx_cdr c USING old WHERE c.attempt_id = old.attempt_id
)
DELETE FROM call_attempts a USING old
 WHERE a.attempt_id = old.attempt_id AND a.attempt_id < uuid_v7_floor(now() - make_interval(days => $1))`;

/** Forgets calls that began more than `days` days ago, with the PBX's records of them.
 *  @returns how many attempts; `limit` means that more may be left */
export async function dropOldCalls(on: Queryable, days: number, limit: number): Promise<number> {
  const { rowCount } = await on.query({ text: SQL, values: [days, limit] });
  return rowCount ?? 0;
}
