import { measureChaos, faultLog } from '../chaos/measure-chaos.ts';
import { planOnce } from '../chaos/plan-faults.ts';
import { runChaos, type ChaosRun } from '../chaos/run-chaos.ts';
import type { ChaosResult } from '../chaos/types.ts';
import { readConfig } from '../stack/config.ts';

const SEED = 3;
const plan = planOnce(SEED);
let run: ChaosRun;

beforeAll(async () => {
  run = await runChaos({ seed: SEED, minutes: 2, short: true, faults: plan }, () => undefined, readConfig());
}, 150_000);

test('each kind of fault hit somebody who led or worked', () => {
  expect(run.faults.map(({ planned }) => planned)).toEqual(plan);
  for (const fault of run.faults) expect(fault.inFlight).toBeGreaterThanOrEqual(20);
});

test('nobody was dialled twice, no call was lost, nothing is stuck', async () => {
  const made = await measureChaos(run, faultLog(run), SEED, true);
  const { findings, attempts, inDoubt, inDoubtExplained } = made.result as ChaosResult;
  expect(findings).toEqual([]);
  expect(run.drained).toBe(true);
  expect(attempts).toBeGreaterThan(150);
  // A single one of a few hundred attempts is already more than the long runs allow: here it must at least be explained.
  expect(inDoubtExplained).toHaveLength(inDoubt);
});
