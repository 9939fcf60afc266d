import type { Queryable } from '../database.ts';

export interface OpenAttempt {
  attempt_id: string;
  contact_id: string;
  campaign_id: string;
  trunk: string;
  pbx: string;
  claimed_at: Date;
  dial_by: Date;
  absent_since: Date | null;
  /** where an answered call goes: `queue-<name>` or `hold` */
  destination: string;
}

export interface Suspect extends OpenAttempt {
  /** the first look that found no channel was long enough ago for the next one to count */
  absent_long: boolean;
}

/** What an open attempt is, of `open_attempts o` and `campaigns c`. */
export const OPEN_COLUMNS = `
SELECT o.attempt_id, o.contact_id, o.campaign_id, o.trunk, o.pbx, o.claimed_at, o.dial_by, o.absent_since,
       coalesce('queue-' || c.queue, 'hold') AS destination`;
const OPEN_SQL = `${OPEN_COLUMNS}
  FROM open_attempts o JOIN campaigns c USING (campaign_id)`;

/** Every open attempt; hundreds to a few thousand rows. */
export async function readOpenAttempts(on: Queryable): Promise<OpenAttempt[]> {
  return (await on.query<OpenAttempt>({ name: 'read-open-attempts', text: OPEN_SQL })).rows;
}

const SUSPECTS_SQL = `${OPEN_COLUMNS}, coalesce(o.absent_since <= now() - make_interval(secs => $3), false) AS absent_long
  FROM open_attempts o JOIN campaigns c USING (campaign_id)
 WHERE o.pbx = $1 AND o.claimed_at < now() - make_interval(secs => $2)
 ORDER BY o.claimed_at LIMIT 5000`;

/** Open attempts of a PBX that were claimed `afterSec` ago: their call has long begun, or never will. */
export async function readSuspects(on: Queryable, pbx: string, afterSec: number, secondLookSec: number): Promise<Suspect[]> {
  return (await on.query<Suspect>({ name: 'read-suspects', text: SUSPECTS_SQL, values: [pbx, afterSec, secondLookSec] })).rows;
}

const LOOK_SQL = `
UPDATE open_attempts o
   SET absent_since = CASE WHEN o.attempt_id = ANY($2::uuid[]) THEN coalesce(o.absent_since, now()) END
 WHERE o.attempt_id = ANY($1::uuid[]) AND (o.absent_since IS NULL) = (o.attempt_id = ANY($2::uuid[]))`;

/** Notes one look at the PBX: which of the suspects had no channel. Rows that do not change are not written. */
export async function noteAbsence(on: Queryable, looked: string[], absent: string[]): Promise<void> {
  await on.query({ name: 'note-absence', text: LOOK_SQL, values: [looked, absent] });
}

/** When the shipper last saw the end of a PBX's CEL file: what the PBX wrote before has been read. Null when it never did.
 *  With the database's own time, by which that was. */
export async function readCaughtUpAt(on: Queryable, pbx: string): Promise<{ caughtUpAt: Date | null; now: Date }> {
  const text = `SELECT min(caught_up_at) AS caught_up_at, clock_timestamp() AS now FROM pbx_record_positions WHERE pbx = $1 AND file = 'cel'`;
  const { rows } = await on.query<{ caught_up_at: Date | null; now: Date }>({ name: 'read-caught-up-at', text, values: [pbx] });
  const [row] = rows;
  if (!row) throw new Error('an aggregate gives one row');
  return { caughtUpAt: row.caught_up_at, now: row.now };
}

export interface CelRow {
  attempt_id: string;
  event_type: string;
  event_time: Date;
  unique_id: string;
  extra: string;
}

/** The PBX's own records of these attempts, oldest first. */
export async function readCel(on: Queryable, attemptIds: string[]): Promise<CelRow[]> {
  const text = `
SELECT attempt_id, event_type, event_time, unique_id, extra FROM pbx_cel
 WHERE attempt_id = ANY($1::uuid[]) ORDER BY attempt_id, event_time, byte_offset`;
  return (await on.query<CelRow>({ name: 'read-cel', text, values: [attemptIds] })).rows;
}
