import type { Database } from '@discador/postgres/database';
import type { CallRow } from './call-view.ts';

const COLUMNS = `a.attempt_id, a.campaign_id, a.contact_id, c.caller_id, a.phone, a.disposition, a.cause, a.claimed_at, a.started_at,
       a.ringing_at, a.answered_at, a.bridged_at, a.ended_at, a.pbx, a.trunk, a.worker_id, a.slice_id, a.inferred, a.in_doubt`;

const FROM = 'call_attempts a LEFT JOIN campaigns c ON c.campaign_id = a.campaign_id';

const ONE_SQL = `SELECT ${COLUMNS} FROM ${FROM} WHERE a.attempt_id = $1`;

/** Above every id there is: the first page asks with it, so that all pages are the same index scan. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const OF_CAMPAIGN_SQL = `SELECT ${COLUMNS} FROM ${FROM} WHERE a.campaign_id = $1 AND a.attempt_id < $2 ORDER BY a.attempt_id DESC LIMIT $3`;

const LATEST_SQL = `SELECT ${COLUMNS} FROM ${FROM} ORDER BY a.attempt_id DESC LIMIT $1`;

/** The ledger, read only, the newest first. */
export class CallStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(attemptId: string): Promise<CallRow | undefined> {
    const { rows } = await this.#database.query<CallRow>({ name: 'call', text: ONE_SQL, values: [attemptId] });
    return rows[0];
  }

  /** @param before attempt id; only older ones
   *  @returns up to `limit + 1` calls */
  async ofCampaign(campaignId: string, { limit, before = LAST_ID }: { limit: number; before?: string | undefined }): Promise<CallRow[]> {
    const query = { name: 'calls-of-campaign', text: OF_CAMPAIGN_SQL, values: [campaignId, before, limit + 1] };
    return (await this.#database.query<CallRow>(query)).rows;
  }

  async latest(limit: number): Promise<CallRow[]> {
    return (await this.#database.query<CallRow>({ name: 'latest-calls', text: LATEST_SQL, values: [limit] })).rows;
  }
}
