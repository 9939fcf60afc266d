import type { Campaign as CampaignView, CampaignTotals } from '@discador/contracts/http/campaigns';
import type { Campaign } from '@discador/postgres/entities/campaign';

/** Numbers of a campaign by name: contacts (imported), attempts, processed, successful, talk_ms, disposition:<name>. */
export type Counters = ReadonlyMap<string, number>;

/** A share rounded to 4 digits; null when there is nothing to divide by. */
export function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.min(1, Math.round((part / whole) * 10_000) / 10_000) : null;
}

/** Totals of a campaign out of its counters. */
export function totalsOf(counters: Counters): CampaignTotals {
  const count = (name: string): number => Math.max(0, counters.get(name) ?? 0);
  const [contacts, processed, successful] = [count('contacts'), count('processed'), count('successful')];
  return { contacts, processed, successful, remaining: Math.max(0, contacts - processed), successRate: share(successful, processed) };
}

/** A campaign as the API shows it. */
export function campaignView(campaign: Campaign, counters: Counters): CampaignView {
  const { campaignId, name, status, mode, queue, trunk, callerId, maxChannels, impulseFactor, maxMultiplier } = campaign;
  const { averageCallTimeSec, timeZone, maxAttempts, retryDelaySec, ringTimeoutSec } = campaign;
  return {
    campaignId, name, status, mode, queue, trunk, callerId, maxChannels, impulseFactor, maxMultiplier, averageCallTimeSec,
    windowFrom: campaign.windowFrom.slice(0, 5),
    windowTo: campaign.windowTo.slice(0, 5),
    timeZone, maxAttempts, retryDelaySec, ringTimeoutSec,
    createdAt: campaign.createdAt.toISOString(),
    updatedAt: campaign.updatedAt.toISOString(),
    startedAt: campaign.startedAt?.toISOString() ?? null,
    finishedAt: campaign.finishedAt?.toISOString() ?? null,
    totals: totalsOf(counters),
  };
}
