import type { Queryable } from '../../database.ts';

// CoreStatus tells the start as the PBX's local time without a zone; whole seconds, hence the same at every look. A PBX that is
// seen without its start (null) keeps the one known.
const SQL = `
INSERT INTO pbx_nodes AS p (name, booted_at, last_seen_at)
VALUES ($1, $2::timestamp AT TIME ZONE $3, now())
ON CONFLICT (name) DO UPDATE SET booted_at = coalesce(excluded.booted_at, p.booted_at), last_seen_at = excluded.last_seen_at`;

/** Notes that a PBX answers, and when it started.
 *  @param bootedAt its own local time, `YYYY-MM-DD HH:MM:SS`; null when not known
 *  @param timeZone IANA name of the PBX's zone */
export async function seePbx(on: Queryable, name: string, bootedAt: string | null, timeZone: string): Promise<void> {
  await on.query({ name: 'see-pbx', text: SQL, values: [name, bootedAt, timeZone] });
}
