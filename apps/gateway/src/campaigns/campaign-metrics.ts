import { CONTACT_STATUSES } from '@discador/contracts/http/contacts';
import type { CampaignMetrics } from '@discador/contracts/http/campaigns';
import { DISPOSITIONS } from '@discador/contracts/dispositions';
import { share, type Counters } from './campaign-view.ts';

/** The shortest time over which a pace is told: one call in the first second is not 3,600 an hour. */
const MIN_PACE_SEC = 60;

export interface MeasuredCampaign {
  campaignId: string;
  now: number;
  counters: Counters;
  contactsByStatus: Counters;
  inFlight: number;
  answeredNow: number | null;
  /** calls placed lately, and over how many seconds */
  recent: { calls: number; overSec: number };
}

/** The metrics of a campaign out of what was counted. */
export function campaignMetrics(measured: MeasuredCampaign): CampaignMetrics {
  const { counters, contactsByStatus, recent } = measured;
  const byDisposition = countsFor(DISPOSITIONS, (name) => counters.get(`disposition:${name}`));
  const byStatus = countsFor(CONTACT_STATUSES, (status) => contactsByStatus.get(status));
  const talked = byDisposition.answered + byDisposition.abandoned;
  return {
    campaignId: measured.campaignId,
    at: new Date(measured.now).toISOString(),
    contacts: { total: sum(byStatus), byStatus },
    attempts: { total: Math.max(counters.get('attempts') ?? 0, sum(byDisposition)), byDisposition },
    inFlight: measured.inFlight,
    answeredNow: measured.answeredNow,
    callsPerHour: Math.round((recent.calls * 3600) / Math.max(MIN_PACE_SEC, recent.overSec)),
    averageCallTimeSec: talked > 0 ? Math.round((counters.get('talk_ms') ?? 0) / talked / 100) / 10 : null,
    successRate: share(counters.get('successful') ?? 0, counters.get('processed') ?? 0),
  };
}

function countsFor<K extends string>(names: readonly K[], count: (name: K) => number | undefined): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, count(name) ?? 0])) as Record<K, number>;
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
