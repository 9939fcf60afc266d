import fc from 'fast-check';
import { Lane } from './testing/lane.ts';
import { play, StepCount } from './testing/play.ts';
import { giveEachProcessItsClock } from './testing/process.ts';
import { STEP_KINDS } from './testing/steps.ts';
import { worldPlans } from './testing/world-plan.ts';

/** Worlds at once, each in a database of its own: their commits share the server's fsync. */
const LANES = 8;
const WORLDS_PER_LANE = 22;
const MAX_STEPS = 1400;
/** They take about a minute; a busy machine plays as many. */
const PATIENCE_MS = 600_000;
/** For so long the first world that finds something is made smaller. */
const SHRINK_MS = 45_000;
const SEED = fc.readConfigureGlobal().seed ?? 0;

const count = new StepCount();
const lanes: Lane[] = [];
const findings: string[] = [];
/** steps of all lanes when the first thing was found */
let foundAfter: number | undefined;
let smallEnoughAt = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  for (let n = 0; n < LANES; n++) lanes.push(await Lane.open());
}, 60_000);
afterAll(() => Promise.all(lanes.map((lane) => lane.close())));

const takeBackTheClock = giveEachProcessItsClock();
afterAll(takeBackTheClock);

/** One lane's worlds. The first that finds something is made small; the other lanes end meanwhile. */
async function playAll(lane: Lane, index: number): Promise<void> {
  let ours = false;
  const property = fc.asyncProperty(worldPlans(MAX_STEPS), async (plan) => {
    if (foundAfter !== undefined && (!ours || performance.now() > smallEnoughAt)) return;
    await play(lane, plan, count).catch((error: unknown) => {
      if (foundAfter === undefined) smallEnoughAt = performance.now() + SHRINK_MS;
      ours = true;
      foundAfter ??= count.taken;
      throw error;
    });
  });
  const { counterexamplePath, errorInstance, counterexample, numShrinks } = await fc.check(property, { seed: SEED + index, numRuns: WORLDS_PER_LANE });
  if (counterexample === null) return;
  const [{ choices, ...rest }] = counterexample;
  const world = `found after ${foundAfter} steps, FAST_CHECK_SEED=${SEED}, lane ${index}, path ${counterexamplePath ?? ''}, shrunk ${numShrinks} times to ${choices.length} choices, ${JSON.stringify(rest)}`;
  findings.push(`${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}\n${world}`);
}

test('whatever crashes, sleeps, is late, lost or said twice: nobody is called twice, and every attempt has one end', async () => {
  await Promise.all(lanes.map(playAll));
  process.stdout.write(`${count.chosen} steps, ${count.resting} more to come to rest\n${count}\n`);
  expect(findings.join('\n\n')).toBe('');
  expect(count.chosen).toBeGreaterThanOrEqual(100_000);
  // The sweeper has judged, one way and the other.
  for (const end of ['an attempt ended as not_placed, inferred', 'an attempt ended as in_doubt, inferred', 'an attempt ended as failed, inferred']) expect([end, (count.ends.get(end) ?? 0) >= 5]).toEqual([end, true]);
  for (const { name, fault } of STEP_KINDS) if (fault) expect([name, (count.of.get(name) ?? 0) >= 20]).toEqual([name, true]);
}, PATIENCE_MS);
