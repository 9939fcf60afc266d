import type { Queryable } from '../database.ts';
import { OPEN_COLUMNS, type OpenAttempt } from './open-attempts.ts';

const NOTE_SQL = `
INSERT INTO pbx_seen (pbx, seen_at) SELECT pbx, now() FROM unnest($1::text[]) AS s (pbx) ORDER BY pbx
ON CONFLICT (pbx) DO UPDATE SET seen_at = excluded.seen_at WHERE pbx_seen.seen_at < excluded.seen_at - interval '1 s'`;

/** Notes that these PBXs are reached now; several workers note the same ones, and a second's difference is not written. */
export async function notePbxsSeen(on: Queryable, pbxs: readonly string[]): Promise<void> {
  await on.query({ name: 'note-pbxs-seen', text: NOTE_SQL, values: [pbxs] });
}

const LOST_SQL = `${OPEN_COLUMNS}
  FROM open_attempts o JOIN campaigns c USING (campaign_id) JOIN pbx_seen s USING (pbx)
 WHERE o.pbx = $1 AND greatest(s.seen_at, o.claimed_at) < now() - make_interval(secs => $2)
 ORDER BY o.claimed_at LIMIT 5000`;

/** Open attempts of a PBX that no worker has reached for `afterSec`; none while it was reached since, or never was. */
export async function readLostAttempts(on: Queryable, pbx: string, afterSec: number): Promise<OpenAttempt[]> {
  return (await on.query<OpenAttempt>({ name: 'read-lost-attempts', text: LOST_SQL, values: [pbx, afterSec] })).rows;
}
