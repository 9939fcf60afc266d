import type { StackConfig } from '../stack/config.ts';
import type { Counts } from './run-jest.ts';

/** A part of the test files, run one after another beside the other parts. */
export interface Lane {
  /** from 1 */
  number: number;
  /** jest's arguments */
  jest: string[];
}

/** End-to-end files that take about as long as all others together. */
const LONG = 'e2e/(chaos|monitor-takeover|pbx-nodes)\\.';

/** What jest is told in each of two lanes. Integration tests are many and short, and jest may deal them. */
const SHARES = {
  it: [['--shard=1/2'], ['--shard=2/2']],
  e2e: [[LONG], ['/node_modules/', '/dist/', LONG].flatMap((path) => ['--testPathIgnorePatterns', path])],
};

/** The lanes in which test files run. Each has servers and a PBX of its own: whatever a test does to them, none of another lane can notice, so that it
 *  does not matter which file is in which lane. Most tests wait most of the time: two lanes take little more than half as long.
 *  One lane only when jest was told what to run, and when servers or ports are given, of which there is one.
 *  @param jest arguments of the user's */
export function lanesFor(kind: keyof typeof SHARES, jest: string[], { given, portBase }: Pick<StackConfig, 'given' | 'portBase'>): Lane[] {
  const one = jest.length > 0 || portBase !== undefined || Object.values(given).some(Boolean);
  if (one) return [{ number: 1, jest }];
  return SHARES[kind].map((share, at) => ({ number: at + 1, jest: share }));
}

/** @returns what all of them counted together; @throws the error of the first lane that could not run, once all have ended */
export async function runLanes(lanes: Lane[], run: (lane: Lane) => Promise<Counts>): Promise<Counts> {
  const ended = await Promise.allSettled(lanes.map(run));
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const lane of ended) {
    if (lane.status === 'rejected') throw lane.reason;
    addCounts(total, lane.value);
  }
  return total;
}

export function addCounts(total: Counts, more: Counts): void {
  total.passed += more.passed;
  total.failed += more.failed;
  total.skipped += more.skipped;
}
