import type { Database } from '@discador/postgres/database';
import type { Counters } from './campaign-view.ts';
import { rememberCostly } from './remember-costly.ts';

// How many contacts there are is known to the imports, which commit it together with the contacts.
const COUNTERS_SQL = `
SELECT campaign_id, counter, value FROM report.campaign_counters WHERE campaign_id = ANY ($1::uuid[]) AND counter <> 'contacts'
UNION ALL
SELECT campaign_id, 'contacts', sum(imported)::bigint FROM import_jobs WHERE campaign_id = ANY ($1::uuid[]) GROUP BY campaign_id`;

/** Reads every contact (1 M: 230 ms): an index on (campaign_id, status) would be rewritten by every call. */
const CONTACTS_SQL = 'SELECT status, count(*)::int AS n FROM contacts WHERE campaign_id = $1 GROUP BY status';

/** Counting contacts takes at most a tenth of one connection's time, whoever watches. */
const COUNT_SHARE = 10;

const IN_FLIGHT_SQL = 'SELECT count(*)::int AS n FROM open_attempts WHERE campaign_id = $1';

const PACE_SEC = 300;
const PACE_SQL = `
SELECT count(*)::int AS n, extract(epoch FROM now() - min(claimed_at))::float8 AS seconds
  FROM call_attempts
 WHERE campaign_id = $1 AND attempt_id >= uuid_v7_floor(now() - interval '${PACE_SEC} s')
   AND disposition IS DISTINCT FROM 'not_placed'`;

/** The numbers of campaigns, read from counters where there are any. */
export class CampaignStatistics {
  readonly #database: Database;

  /** Contacts by status; on a large list up to a few seconds old. */
  readonly contactsByStatus: (campaignId: string) => Promise<Counters>;

  constructor(database: Database) {
    this.#database = database;
    this.contactsByStatus = rememberCostly((campaignId) => this.#countContacts(campaignId), COUNT_SHARE);
  }

  /** @returns counters by campaign; a campaign without any has an empty map */
  async counters(campaignIds: readonly string[]): Promise<(campaignId: string) => Counters> {
    const found = new Map<string, Map<string, number>>();
    const query = { name: 'campaign-counters', text: COUNTERS_SQL, values: [campaignIds] };
    const { rows } = await this.#database.query<{ campaign_id: string; counter: string; value: string }>(query);
    for (const { campaign_id: id, counter, value } of rows) {
      const counters = found.get(id) ?? new Map<string, number>();
      found.set(id, counters.set(counter, Number(value)));
    }
    return (campaignId) => found.get(campaignId) ?? new Map<string, number>();
  }

  async inFlight(campaignId: string): Promise<number> {
    const { rows } = await this.#database.query<{ n: number }>({ name: 'in-flight', text: IN_FLIGHT_SQL, values: [campaignId] });
    return rows[0]?.n ?? 0;
  }

  /** Calls placed in the last five minutes, and how long ago the first of them was. */
  async recentCalls(campaignId: string): Promise<{ calls: number; overSec: number }> {
    const query = { name: 'campaign-pace', text: PACE_SQL, values: [campaignId] };
    const { rows } = await this.#database.query<{ n: number; seconds: number | null }>(query);
    return { calls: rows[0]?.n ?? 0, overSec: Math.min(PACE_SEC, rows[0]?.seconds ?? 0) };
  }

  async #countContacts(campaignId: string): Promise<Counters> {
    const query = { name: 'contacts-by-status', text: CONTACTS_SQL, values: [campaignId] };
    const { rows } = await this.#database.query<{ status: string; n: number }>(query);
    return new Map(rows.map((row) => [row.status, row.n]));
  }
}
