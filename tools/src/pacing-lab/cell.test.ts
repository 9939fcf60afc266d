import { cellOf } from './cell.ts';
import type { JobResult } from './run-jobs.ts';

const result = (occupancy: number, abandonment: number, wait: number, above: number): JobResult => ({
  simulatedCalls: 0, dials: 0, answers: 0, abandons: 0, staffedSec: 0, cpuMs: 0,
  occupancy, abandonment, agentWait: { meanSec: wait, p95Sec: 3 * wait }, worstQuarter: { answers: 100, abandons: above + 3, above },
});

test('a cell has the means of its seeds, and the worst quarter of an hour and the ends of the range of any', () => {
  const { occupancy, abandonment, agentWaitMeanSec, agentWaitP95Sec, worstQuarter, occupancies, abandonmentRange } = cellOf('s', 5, { kind: 'progressive' }, [
    result(80, 2, 10, 2), result(83, 3.5, 13, 7), result(86, 0.5, 10, 1),
  ]);
  expect({ occupancy, abandonment, agentWaitMeanSec, agentWaitP95Sec }).toEqual({ occupancy: 83, abandonment: 2, agentWaitMeanSec: 11, agentWaitP95Sec: 33 });
  expect(worstQuarter).toEqual({ answers: 100, abandons: 10, above: 7 });
  expect(occupancies).toEqual([80, 83, 86]);
  expect(abandonmentRange).toEqual([0.5, 3.5]);
});
