import type { Queryable } from '../../database.ts';

export interface ExtensionRow {
  number: string;
  registered: boolean;
  line1Busy: boolean;
  line2Busy: boolean;
  /** epoch milliseconds; null keeps what is stored */
  lastActivityMs: number | null;
}

// Rows that say nothing new are not written again: no dead row per extension and minute.
const STORE_SQL = `
INSERT INTO extensions AS e (pbx, number, registered, line1_busy, line2_busy, last_activity_at)
SELECT $1, s.number, s.registered, s.line1_busy, s.line2_busy, to_timestamp(s.at_ms / 1000.0)
  FROM unnest($2::text[], $3::boolean[], $4::boolean[], $5::boolean[], $6::float8[]) AS s (number, registered, line1_busy, line2_busy, at_ms)
 ORDER BY s.number
ON CONFLICT (pbx, number) DO UPDATE
   SET registered = excluded.registered, line1_busy = excluded.line1_busy, line2_busy = excluded.line2_busy,
       last_activity_at = greatest(e.last_activity_at, excluded.last_activity_at), updated_at = now()
 WHERE (e.registered, e.line1_busy, e.line2_busy) IS DISTINCT FROM (excluded.registered, excluded.line1_busy, excluded.line2_busy)
    OR excluded.last_activity_at > coalesce(e.last_activity_at, '-infinity')`;

/** Stores the state of a PBX's extensions; their names, which people give, stay.
 *  @returns how many rows changed */
export async function storeExtensions(on: Queryable, pbx: string, extensions: readonly ExtensionRow[]): Promise<number> {
  const values = [
    pbx,
    extensions.map((one) => one.number),
    extensions.map((one) => one.registered),
    extensions.map((one) => one.line1Busy),
    extensions.map((one) => one.line2Busy),
    extensions.map((one) => one.lastActivityMs),
  ];
  const { rowCount } = await on.query({ name: 'store-extensions', text: STORE_SQL, values });
  return rowCount ?? 0;
}

const SWEEP_SQL = `
UPDATE extensions SET registered = false, line1_busy = false, line2_busy = false, updated_at = now()
 WHERE pbx = $1 AND number <> ALL ($2::text[]) AND (registered OR line1_busy OR line2_busy)`;

/** Marks the extensions that the PBX no longer has.
 *  @param present numbers that it has
 *  @returns how many were marked */
export async function sweepExtensions(on: Queryable, pbx: string, present: readonly string[]): Promise<number> {
  const { rowCount } = await on.query({ name: 'sweep-extensions', text: SWEEP_SQL, values: [pbx, present] });
  return rowCount ?? 0;
}
