import type { Queryable } from '../../database.ts';

const SQL = `SELECT pg_try_advisory_xact_lock(hashtext('discador housekeeping'), hashtext($1)) AS taken`;

/** Takes the lock of one kind of housekeeping until the transaction ends, or not at all: another replica is at it.
 *  @param job a constant name
 *  @returns false when someone else holds it */
export async function takeHousekeepingLock(on: Queryable, job: string): Promise<boolean> {
  const { rows } = await on.query<{ taken: boolean }>({ name: 'take-housekeeping-lock', text: SQL, values: [job] });
  return rows[0]?.taken ?? false;
}
