import { rounded } from '../bench/measurement.ts';
import type { Dialer } from './dialers.ts';
import type { JobResult } from './run-jobs.ts';

/** One dialer in one scenario over all seeds. */
export interface Cell {
  scenario: string;
  agents: number;
  dialer: Dialer;
  /** %, mean over the seeds */
  occupancy: number;
  /** %, mean over the seeds */
  abandonment: number;
  agentWaitMeanSec: number;
  agentWaitP95Sec: number;
  /** of any seed: the quarter hour with most abandons above 3 % of its answers */
  worstQuarter: { answers: number; abandons: number; above: number };
  /** of each seed, in their order, % */
  occupancies: number[];
  /** least and most of any seed, % */
  abandonmentRange: [number, number];
}

export function cellOf(scenario: string, agents: number, dialer: Dialer, results: readonly JobResult[]): Cell {
  const mean = (of: (result: JobResult) => number): number => results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const worst = results.map(({ worstQuarter }) => worstQuarter).reduce((one, other) => (other.above > one.above ? other : one));
  return {
    scenario,
    agents,
    dialer,
    occupancy: rounded(mean(({ occupancy }) => occupancy), 3),
    abandonment: rounded(mean(({ abandonment }) => abandonment), 3),
    agentWaitMeanSec: rounded(mean(({ agentWait }) => agentWait.meanSec)),
    agentWaitP95Sec: rounded(mean(({ agentWait }) => agentWait.p95Sec), 1),
    worstQuarter: { ...worst, above: rounded(worst.above) },
    occupancies: results.map(({ occupancy }) => rounded(occupancy, 3)),
    abandonmentRange: rangeOf(results.map(({ abandonment }) => abandonment)),
  };
}

function rangeOf(values: readonly number[]): [number, number] {
  return [rounded(Math.min(...values), 3), rounded(Math.max(...values), 3)];
}
