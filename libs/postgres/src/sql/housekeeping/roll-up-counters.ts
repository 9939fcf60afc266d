import type { Queryable } from '../../database.ts';

// One statement: a reader of both tables never sees a delta twice or not at all. Oldest first and in portions, so that what
// piled up while nobody rolled up does not make one long transaction.
const SQL = `
WITH moved AS (
  DELETE FROM campaign_deltas
   WHERE id IN (SELECT id FROM campaign_deltas ORDER BY id LIMIT $1)
  RETURNING campaign_id, counter, delta
), stored AS (
  INSERT INTO campaign_counters AS c (campaign_id, counter, value)
  SELECT campaign_id, counter, sum(delta) FROM moved GROUP BY campaign_id, counter ORDER BY campaign_id, counter
  ON CONFLICT (campaign_id, counter) DO UPDATE SET value = c.value + excluded.value
)
SELECT count(*)::int AS moved FROM moved`;

/** Adds appended deltas to the campaigns' counters and removes them.
 *  @param limit deltas at most
 *  @returns how many; `limit` means that more may be left */
export async function rollUpCounters(on: Queryable, limit: number): Promise<number> {
  const { rows } = await on.query<{ moved: number }>({ name: 'roll-up-counters', text: SQL, values: [limit] });
  return rows[0]?.moved ?? 0;
}
