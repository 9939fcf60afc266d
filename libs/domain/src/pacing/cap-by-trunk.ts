import type { CampaignOrder } from './plan-pool.ts';
import { proportions } from './proportion.ts';

export interface TrunkUse {
  campaignId: string;
  trunk: string;
  /** calls per second that the trunk takes */
  trunkRate: number;
  /** calls ordered and not yet claimed */
  ordered: number;
}

/** Seconds of a trunk's rate that may be on order: more would only expire in the workers' hands. */
const AHEAD_SEC = 1;

/** Cuts orders so that no trunk has more than a second of its rate on order; its campaigns share in proportion.
 *  @param orders one per element of `uses`, in the same order */
export function capByTrunk(orders: readonly CampaignOrder[], uses: readonly TrunkUse[]): CampaignOrder[] {
  const capped = orders.map((order) => ({ ...order }));
  for (const trunk of new Set(uses.map((use) => use.trunk))) {
    const own = uses.flatMap((use, index) => (use.trunk === trunk ? [index] : []));
    const rate = Math.min(...own.map((index) => uses[index]?.trunkRate ?? 0));
    const ordered = own.reduce((sum, index) => sum + (uses[index]?.ordered ?? 0), 0);
    const wanted = own.map((index) => capped[index]?.n ?? 0);
    const allowed = Math.max(0, Math.ceil(rate * AHEAD_SEC) - ordered);
    if (wanted.reduce((sum, n) => sum + n, 0) <= allowed) continue;
    proportions(allowed, wanted).forEach((n, position) => {
      const order = capped[own[position] ?? -1];
      if (order && n < order.n) Object.assign(order, { n, reason: `trunk ${trunk} takes ${rate} calls per second` });
    });
  }
  return capped;
}
