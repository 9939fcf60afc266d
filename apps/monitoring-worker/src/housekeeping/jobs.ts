import type { Queryable } from '@discador/postgres/database';
import { dropOldCalls } from '@discador/postgres/sql/housekeeping/drop-old-calls';
import { dropOldRejections } from '@discador/postgres/sql/housekeeping/drop-old-rejections';
import { dropOldSlices } from '@discador/postgres/sql/housekeeping/drop-old-slices';
import { ensurePartitions } from '@discador/postgres/sql/housekeeping/ensure-partitions';
import { rollUpCounters } from '@discador/postgres/sql/housekeeping/roll-up-counters';

export interface Job {
  name: string;
  when: { everyMs: number } | 'nightly';
  /** one portion of the work; @returns how much it did */
  run(on: Queryable): Promise<number>;
  /** a portion of this size may not have been all; absent = there is only one portion */
  portion?: number;
}

export interface Keep {
  retentionDays: number;
  importRejectionsDays: number;
}

const ROLL_UP_PORTION = 50_000;
const DELETE_PORTION = 5_000;
const SLICE_KEPT_SEC = 3_600;
const MONTHS_AHEAD = 2;

/** Everything that is cleaned up, and when. */
export function housekeepingJobs({ retentionDays, importRejectionsDays }: Keep): Job[] {
  const jobs: Job[] = [
    { name: 'roll-up', when: { everyMs: 5_000 }, portion: ROLL_UP_PORTION, run: (on) => rollUpCounters(on, ROLL_UP_PORTION) },
    { name: 'slices', when: { everyMs: 300_000 }, portion: DELETE_PORTION, run: (on) => dropOldSlices(on, SLICE_KEPT_SEC, DELETE_PORTION) },
    // More often than the month changes, so that a night missed does no harm.
    { name: 'partitions', when: { everyMs: 6 * 3_600_000 }, run: (on) => ensurePartitions(on, MONTHS_AHEAD) },
    { name: 'rejections', when: 'nightly', portion: DELETE_PORTION, run: (on) => dropOldRejections(on, importRejectionsDays, DELETE_PORTION) },
  ];
  if (retentionDays > 0) {
    jobs.push({ name: 'calls', when: 'nightly', portion: DELETE_PORTION, run: (on) => dropOldCalls(on, retentionDays, DELETE_PORTION) });
  }
  return jobs;
}
