import { tellLedger } from './tell-ledger.ts';
import { checkAtRest } from './at-rest.ts';
import { comeToRest } from './come-to-rest.ts';
import type { Lane } from './lane.ts';
import { STEP_KINDS, type StepKind } from './steps.ts';
import { World } from './world.ts';
import { Choice, type WorldPlan } from './world-plan.ts';

/** How often which step was taken, over all worlds. */
export class StepCount {
  readonly of = new Map<string, number>();
  /** what came of them, e.g. `an originate arrives: refused by the gate` */
  readonly results = new Map<string, number>();
  readonly ends = new Map<string, number>();
  /** steps that the scheduler chose, faults among them */
  chosen = 0;
  /** all, those of worlds that were not played to their end too */
  taken = 0;
  /** steps of worlds that come to rest */
  resting = 0;

  add(name: string, result: string | void): void {
    this.taken += 1;
    this.of.set(name, (this.of.get(name) ?? 0) + 1);
    if (result) this.results.set(`${name}: ${result}`, (this.results.get(`${name}: ${result}`) ?? 0) + 1);
  }

  toString(): string {
    return [...this.of, ...this.results, ...this.ends].map(([name, times]) => `${String(times).padStart(7)} ${name}`).join('\n');
  }
}

/** Plays one world to its end: the choices, then rest, then until every contact is final.
 *  @throws what must never be, with the last steps */
export async function play(lane: Lane, plan: WorldPlan, count: StepCount): Promise<void> {
  const world = await World.open(lane, plan);
  try {
    for (const choice of plan.choices) await oneStep(world, new Choice(choice), count);
    count.chosen += world.step;
    await comeToRest(world, count);
    for (const end of await checkAtRest(world)) count.ends.set(end, (count.ends.get(end) ?? 0) + 1);
    count.resting += world.step - plan.choices.length;
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const story = [`after ${world.step} steps, the last of them:`, ...world.trace, 'the ledger:', ...(await tellLedger(world))];
    throw new Error(`${reason}\n${story.join('\n')}`, { cause: error });
  } finally {
    for (const { process } of world.processes) world.outside.crash(process);
  }
}

/** Does one thing that is possible now; which one is the choice's. */
async function oneStep(world: World, choice: Choice, count: StepCount): Promise<void> {
  const possible = STEP_KINDS.map((kind) => ({ kind, targets: kind.targets(world) })).filter(({ targets }) => targets.length > 0);
  const { kind, targets } = weighted(possible, choice);
  await takeStep(world, kind, choice.pick(targets), choice, count);
}

/** Takes it, counts it, and lets everything that follows from it happen. */
export async function takeStep(world: World, kind: StepKind, target: unknown, choice: Choice, count: StepCount): Promise<void> {
  world.step += 1;
  world.note(`${kind.name}${describe(target)}`);
  const result = await kind.take(world, target as never, choice);
  count.add(kind.name, result);
  await world.settle();
}

function weighted<T extends { kind: StepKind }>(among: readonly T[], choice: Choice): T {
  let left = choice.of(among.reduce((sum, { kind }) => sum + kind.weight, 0));
  for (const one of among) {
    left -= one.kind.weight;
    if (left < 0) return one;
  }
  throw new RangeError('nothing is possible');
}

function describe(target: unknown): string {
  const { what, process, name, number } = (target ?? {}) as { what?: string; process?: { name: string }; name?: string; number?: string };
  return [what, process?.name, name, number].filter((part) => part !== undefined).map((part) => ` · ${part}`).join('');
}
