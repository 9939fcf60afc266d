import { must } from './findings.ts';
import { takeStep, type StepCount } from './play.ts';
import { STEP_KINDS, type StepKind } from './steps.ts';
import type { World } from './world.ts';
import { Choice } from './world-plan.ts';

const QUIET = ['a question is answered', 'an originate arrives', 'a call goes on', 'an end is told', 'outcomes are delivered'];
const DIALLING = ['a slice is delivered', ...QUIET];
/** Two looks 10 s apart, what is not known before the records are read, and some more. */
const ROUNDS = 12;
const FINISH_ROUNDS = 60;

/** No more faults: what is on its way comes, sweepers look, records are read, until no attempt is open. Then a master plans and workers
 *  dial until every contact is final. */
export async function comeToRest(world: World, count: StepCount): Promise<void> {
  for (const { process } of world.processes) process.asleepUntil = 0;
  // What is on its way is held up until its attempt is closed: as late as can be.
  for (const transit of world.transits) transit.heldUntil = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    await drain(world, QUIET, count);
    if (await isAtRest(world)) break;
    await lookAtAll(world, count);
    await pass(world, 6000);
  }
  must(await isAtRest(world), 'an attempt stays open, whatever is looked at');
  for (const transit of world.transits) transit.heldUntil = 0;
  await drain(world, QUIET, count);
  must(await isAtRest(world), 'a late originate opened something');
  await finish(world, count);
}

async function finish(world: World, count: StepCount): Promise<void> {
  const master = world.masters[0];
  must(master !== undefined, 'a world without a master');
  master.elect();
  await world.settle();
  for (let round = 0; round < FINISH_ROUNDS; round++) {
    await drain(world, DIALLING, count);
    if (await allFinal(world)) return;
    await lookAtAll(world, count);
    await pass(world, world.plan.retryDelaySec * 500 + 3000);
    if (master.term !== undefined && !master.busy) await takeStep(world, kindOf('a master plans'), master, new Choice(0), count);
  }
  must(false, 'contacts that never become final');
}

/** Takes these steps until there is nothing of them left to do. */
async function drain(world: World, names: string[], count: StepCount): Promise<void> {
  const kinds = names.map(kindOf);
  for (let left = 5000; left > 0; left--) {
    const kind = kinds.find((one) => one.targets(world).length > 0);
    if (!kind) return;
    // Some calls are answered, others not; workers take turns, because one whose clock is far ahead takes every slice for expired.
    const varied = kind.name === 'a call goes on' || kind.name === 'a slice is delivered';
    await takeStep(world, kind, kind.targets(world)[0], new Choice(varied ? world.step * 7 : 0), count);
  }
  must(false, 'it never comes to rest');
}

async function lookAtAll(world: World, count: StepCount): Promise<void> {
  for (const pbx of world.pbxs) await takeStep(world, kindOf('records are shipped'), pbx, new Choice(0), count);
  const sweeper = world.workers.find((worker) => !worker.sweeping);
  world.locks.held.clear(); // of those that crashed
  if (sweeper) await takeStep(world, kindOf('a sweeper looks'), sweeper, new Choice(0), count);
  await drain(world, QUIET, count);
}

async function pass(world: World, ms: number): Promise<void> {
  await world.lane.pass(ms);
  await world.settle();
}

async function isAtRest(world: World): Promise<boolean> {
  const nothing = world.outside.pending.length + world.outcomes.waiting.length + world.outcomes.unsettled.length === 0;
  return nothing && (await world.lane.rows('SELECT 1 FROM open_attempts LIMIT 1')).length === 0;
}

async function allFinal(world: World): Promise<boolean> {
  return (await world.lane.rows(`SELECT 1 FROM contacts WHERE status NOT IN ('completed', 'failed') LIMIT 1`)).length === 0;
}

function kindOf(name: string): StepKind {
  const kind = STEP_KINDS.find((one) => one.name === name);
  must(kind !== undefined, `there is no step "${name}"`);
  return kind;
}
