import type { CampaignEventType } from '@discador/contracts/events/campaign-events';
import type { Queryable } from '../database.ts';

/** An event of a campaign that the broker does not certainly have. */
export interface CampaignOutboxRow {
  /** a bigint */
  position: string;
  row_id: string;
  type: Exclude<CampaignEventType, `slice.${string}`>;
  campaign_id: string;
  name: string;
  at: Date;
}

/** Notes an event ($1 its type) of a campaign ($2 its id), to be run in the transaction that makes it true. */
export const NOTE_CAMPAIGN_EVENT = 'INSERT INTO campaign_outbox (type, campaign_id, name) SELECT $1, campaign_id, name FROM campaigns WHERE campaign_id = $2';

const READ = 'SELECT position::text, row_id, type, campaign_id, name, at FROM campaign_outbox ORDER BY position LIMIT $1';
const DELETE = 'DELETE FROM campaign_outbox WHERE position = ANY($1::bigint[])';

/** Reads the oldest events. */
export async function readCampaignOutbox(on: Queryable, limit: number): Promise<CampaignOutboxRow[]> {
  return (await on.query<CampaignOutboxRow>({ name: 'read-campaign-outbox', text: READ, values: [limit] })).rows;
}

export async function deleteFromCampaignOutbox(on: Queryable, positions: string[]): Promise<void> {
  await on.query({ name: 'delete-from-campaign-outbox', text: DELETE, values: [positions] });
}
