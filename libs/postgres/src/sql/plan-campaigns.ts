import type { Queryable } from '../database.ts';

/** An active campaign as the master sees it at one instant. */
export interface CampaignPlanRow {
  campaign_id: string;
  name: string;
  mode: string;
  queue: string | null;
  trunk: string;
  /** calls per second */
  trunk_rate: number;
  max_channels: number;
  impulse_factor: number;
  max_multiplier: number;
  inside_window: boolean;
  /** attempts open */
  in_flight: number;
  /** quota of living slices of this term, not used yet */
  ordered: number;
  /** contacts due now, counted up to `DUE_CAP` */
  due: number;
}

/** A tick never orders more than this for one campaign. */
export const DUE_CAP = 500;

export const PLAN_SQL = `
SELECT c.campaign_id, c.name, c.mode, c.queue, c.trunk, t.calls_per_second AS trunk_rate, c.max_channels, c.impulse_factor, c.max_multiplier,
       in_calling_window(c.window_from, c.window_to, c.time_zone, now()) AS inside_window,
       (SELECT count(*)::int FROM open_attempts o WHERE o.campaign_id = c.campaign_id) AS in_flight,
       (SELECT coalesce(sum(s.quota - s.used), 0)::int FROM slices s
         WHERE s.campaign_id = c.campaign_id AND s.closed_at IS NULL AND s.expires_at > now() AND s.term = $1) AS ordered,
       (SELECT count(*)::int FROM (
          SELECT 1 FROM contacts k
           WHERE k.campaign_id = c.campaign_id AND k.status IN ('ready', 'retry') AND k.due_at <= now() LIMIT ${DUE_CAP}) AS capped) AS due
  FROM campaigns c JOIN trunks t ON t.name = c.trunk
 WHERE c.status = 'active' AND (SELECT term FROM leadership) = $1
 ORDER BY c.campaign_id`;

/** All active campaigns in one snapshot, so that what is in flight and what is ordered agree.
 *  @param term the caller's; a deposed master gets no rows */
export async function planCampaigns(on: Queryable, term: number): Promise<CampaignPlanRow[]> {
  return (await on.query<CampaignPlanRow>({ name: 'plan-campaigns', text: PLAN_SQL, values: [term] })).rows;
}
