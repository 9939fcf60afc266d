import type { Queryable } from '../database.ts';

const SQL = `
WITH finished AS (
UPDATE campaigns c SET status = 'finished', finished_at = now(), updated_at = now()
 WHERE c.status = 'active'
   AND (SELECT term FROM leadership) = $1
   AND EXISTS (SELECT 1 FROM contacts k WHERE k.campaign_id = c.campaign_id)
   AND NOT EXISTS (SELECT 1 FROM contacts k WHERE k.campaign_id = c.campaign_id AND k.status IN ('ready', 'retry', 'dialing'))
   AND NOT EXISTS (SELECT 1 FROM import_jobs j WHERE j.campaign_id = c.campaign_id AND j.status = 'running')
RETURNING c.campaign_id, c.name
), noted AS (
INSERT INTO campaign_outbox (type, campaign_id, name) SELECT 'campaign.finished', campaign_id, name FROM finished
)
SELECT campaign_id FROM finished`;

/** Finishes active campaigns whose every contact is final and into which nothing is being imported, and notes it for the bus.
 *  @returns their ids */
export async function finishCampaigns(on: Queryable, term: number): Promise<string[]> {
  const { rows } = await on.query<{ campaign_id: string }>({ name: 'finish-campaigns', text: SQL, values: [term] });
  return rows.map((row) => row.campaign_id);
}
