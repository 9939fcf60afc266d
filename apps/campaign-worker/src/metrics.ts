import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What a worker measures. Labels are bounded: no campaign, no id, no number. */
export function workerMetrics(registry: Registry) {
  const registers = [registry];
  const fast = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
  return {
    slices: new Counter({ name: 'discador_worker_slices_total', help: 'slices by what became of them', labelNames: ['result'] as const, registers }),
    claimed: new Counter({ name: 'discador_worker_claimed_total', help: 'contacts claimed', registers }),
    originates: new Counter({ name: 'discador_worker_originates_total', help: 'originates by the PBX’s answer', labelNames: ['result'] as const, registers }),
    sliceToOriginate: new Histogram({ name: 'discador_worker_slice_to_originate_seconds', help: 'from the slice message, or the permit it waited for, to Originate sent', buckets: fast, registers }),
    permitWaits: new Counter({ name: 'discador_worker_permit_waits_total', help: 'times a slice found no permit or no room', labelNames: ['why'] as const, registers }),
    outcomes: new Counter({ name: 'discador_worker_outcomes_total', help: 'attempts ended', labelNames: ['disposition', 'source'] as const, registers }),
    lateEnds: new Counter({ name: 'discador_worker_late_ends_total', help: 'ends said again, kept as evidence', registers }),
    hangupToStored: new Histogram({ name: 'discador_worker_hangup_to_stored_seconds', help: 'from the PBX’s hang-up to the stored outcome', buckets: fast, registers }),
    unseen: new Gauge({ name: 'discador_worker_unseen_originates', help: 'originates whose channel was not seen yet', registers }),
    swept: new Counter({ name: 'discador_worker_swept_total', help: 'attempts closed by the sweeper', labelNames: ['disposition'] as const, registers }),
  };
}

export type WorkerMetrics = ReturnType<typeof workerMetrics>;
