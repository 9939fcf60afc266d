import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the master measures. Labels are bounded: no campaign, no id. */
export function masterMetrics(registry: Registry) {
  const registers = [registry];
  return {
    leader: new Gauge({ name: 'discador_master_leader', help: '1 while this replica leads', registers }),
    ticks: new Counter({ name: 'discador_master_ticks_total', help: 'planning rounds', labelNames: ['result'] as const, registers }),
    tickSeconds: new Histogram({ name: 'discador_master_tick_seconds', help: 'time of a planning round', buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1], registers }),
    orderedCalls: new Counter({ name: 'discador_master_ordered_calls_total', help: 'calls ordered in slices', registers }),
    slices: new Counter({ name: 'discador_master_slices_total', help: 'slices', labelNames: ['result'] as const, registers }),
    activeCampaigns: new Gauge({ name: 'discador_master_active_campaigns', help: 'campaigns active now', registers }),
    permitsSwept: new Counter({ name: 'discador_master_permits_swept_total', help: 'permits freed because their attempt is not open', registers }),
  };
}

export type MasterMetrics = ReturnType<typeof masterMetrics>;
