import { callEndedEvent } from './call-ended-event.ts';
import { must } from './findings.ts';
import type { Question } from './outside.ts';
import type { Process } from './process.ts';
import { ship } from './ship-records.ts';
import { connectionLost, type Transit } from './simulated-ami.ts';
import type { SimulatedQueue } from './simulated-broker.ts';
import type { PbxCall } from './simulated-pbx.ts';
import type { World } from './world.ts';
import type { Choice } from './world-plan.ts';

/** One kind of step: on what it can be done now, how often it is chosen, what it does. */
export interface StepKind {
  name: string;
  weight: number;
  /** a fault, which has to have happened many times */
  fault?: boolean;
  targets(world: World): readonly unknown[];
  /** @returns what is worth counting beside the name, e.g. that it was late */
  take(world: World, target: never, choice: Choice): Promise<string | void> | string | void;
}

function kind<T>(name: string, weight: number, targets: (world: World) => readonly T[], take: (world: World, target: T, choice: Choice) => Promise<string | void> | string | void): StepKind {
  return { name, weight, targets, take: take as StepKind['take'] };
}

function fault<T>(name: string, weight: number, targets: (world: World) => readonly T[], take: (world: World, target: T, choice: Choice) => Promise<string | void> | string | void): StepKind {
  return { ...kind(name, weight, targets, take), fault: true };
}

const always = [null];
const LUCK = 97;
const awake = (world: World, process: Process): boolean => process.asleepUntil <= world.step;
const answerable = (world: World): Question[] => world.outside.pending.filter((question) => awake(world, question.process));
const SQL = /^(transaction|[a-z]+(-[a-z0-9]+)+)$/;
const statements = (world: World): Question[] => answerable(world).filter(({ what }) => SQL.test(what));
/** Where a crash, or a lost answer, leaves something half done, it shall happen more often. */
const CRUCIAL = /^(claim-contacts|transaction|take-slice|issue-slices|publish|begin-term)/;
const mostlyCrucial = (questions: Question[]): Question[] => questions.flatMap((question) => Array<Question>(CRUCIAL.test(question.what) ? 8 : 1).fill(question));
const freeMasters = (world: World) => world.masters.filter((master) => !master.busy && awake(world, master.process));
const freeWorkers = (world: World) => world.workers.filter((worker) => worker.slicesInHand < 2 && awake(world, worker.process));
const waitedFor = (world: World): Transit[] => world.transits.filter((transit) => !transit.givenUp);

const moving = (world: World): Transit[] => world.transits.filter((transit) => transit.heldUntil <= world.step);

const CAUSES = [16, 17, 19, 34, 1, 21] as const;
const PASS_MS = [100, 300, 500, 1000, 1200, 1500, 2000, 4000, 6000, 11_000, 30_000] as const;
/** Some come just in time, others long after. */
const HELD_STEPS = [25, 40, 60, 100, 300, 600] as const;

/** What happens when nothing goes wrong, if in any order. The first of them is what a choice shrinks to. */
const NORMAL: StepKind[] = [
  kind('a question is answered', 420, answerable, (world, question, choice) => answer(world, question, choice)),
  kind('an originate arrives', 45, moving, (world, transit) => arrives(world, transit)),
  kind('a call goes on', 120, (world) => world.pbxs.flatMap((pbx) => pbx.live), goesOn),
  kind('an end is told', 60, untold, (world, call) => tell(world, call, [call.killed])),
  kind('a slice is delivered', 120, (world) => (freeWorkers(world).length > 0 ? world.slices.waiting : []), deliverSlice),
  kind('outcomes are delivered', 70, (world) => (world.outcomes.waiting.length > 0 ? world.workers.filter((worker) => awake(world, worker.process)) : []), deliverOutcomes),
  kind('a master plans', 45, (world) => freeMasters(world).filter((master) => master.term !== undefined), planRound),
  kind('a sweeper looks', 16, (world) => world.workers.filter((worker) => !worker.sweeping && awake(world, worker.process)), (_world, worker) => worker.sweep()),
  kind('a sweeper looks at once', 40, (world) => world.workers.filter((worker) => !worker.sweeping && awake(world, worker.process)), sweepAtOnce),
  kind('records are shipped', 18, (world) => world.pbxs, (world, pbx) => ship(world.lane, pbx, pbx.unshipped.length)),
  kind('time passes', 26, () => always, (world, _, choice) => world.lane.pass(choice.pick(PASS_MS))),
  kind('two statements at once', 40, (world) => (statements(world).length > 1 ? always : []), twoAtOnce),
];

const FAULTS: StepKind[] = [
  fault('a master is elected', 5, freeMasters, (_world, master) => master.elect()),
  fault('crash before the question', 10, (world) => mostlyCrucial(answerable(world)), (world, { process }) => world.crash(process)),
  fault('crash after the question, before its answer', 14, (world) => mostlyCrucial(answerable(world)), async (world, question, choice) => {
    const stored = question.what === 'transaction';
    await world.outside.swallow(question, choice.of(LUCK));
    world.crash(question.process);
    return stored ? 'outcomes stored, not acknowledged' : question.what.replace(/-\d+$/, '');
  }),
  fault('server away', 8, (world) => mostlyCrucial(answerable(world)), (world, question) => world.outside.refuse(question)),
  fault('answer lost', 8, (world) => mostlyCrucial(statements(world)), async (world, question, choice) => {
    await world.outside.swallow(question, choice.of(LUCK));
    question.reject(lost());
  }),
  fault('publish confirm lost', 10, (world) => answerable(world).filter(({ what }) => what === 'publish slice'), async (world, question, choice) => {
    await world.outside.swallow(question, choice.of(LUCK));
    question.reject(lost());
  }),
  fault('a process falls asleep', 7, (world) => world.processes.map(({ process }) => process).filter((process) => awake(world, process)), (world, process, choice) => {
    process.asleepUntil = world.step + 10 + choice.of(60);
  }),
  fault('a lock lapses', 12, (world) => [...world.locks.held.keys()], (world, key) => void world.locks.held.delete(key)),
  fault('a slice is redelivered', 16, (world) => world.slices.unsettled, (world, delivery) => world.slices.again(delivery)),
  fault('the holder of a slice sleeps, its lock lapses, its message comes again', 20, (world) => world.slices.unsettled, (world, delivery, choice) => {
    delivery.to.asleepUntil = world.step + 20 + choice.of(40);
    for (const [key, holder] of world.locks.held) if (holder === delivery.to) world.locks.held.delete(key);
    world.slices.again(delivery);
  }),
  fault('outcomes are redelivered', 40, (world) => world.outcomes.unsettled, (world, delivery) => world.outcomes.again(delivery)),
  fault('an originate arrives twice', 30, (world) => world.transits, arrivesTwice),
  fault('an originate is given up and arrives later', 24, waitedFor, (world, transit) => {
    transit.givenUp = true;
    transit.reject(connectionLost(true));
  }),
  fault('an originate is held up', 70, moving, (world, transit, choice) => {
    transit.heldUntil = world.step + choice.pick(HELD_STEPS);
  }),
  fault('an originate is lost on its way', 16, (world) => world.transits, (world, transit) => gone(world, transit, true)),
  fault('an originate is never sent', 14, waitedFor, (world, transit) => gone(world, transit, false)),
  fault('an originate is refused by AMI', 14, waitedFor, (world, transit) => {
    remove(world, transit);
    transit.resolve({ Response: 'Error', Message: 'no' });
  }),
  fault('an originate arrives, its answer is lost', 16, waitedFor, async (world, transit) => {
    transit.givenUp = true;
    await arrives(world, transit);
    transit.reject(connectionLost(true));
  }),
  fault('an end is lost', 20, untold, (world, call) => tell(world, call, [])),
  fault('an end is told twice', 12, untold, (world, call) => tell(world, call, [call.killed, call.killed])),
  fault('an end is inferred, and told again as seen', 8, untold, (world, call) => tell(world, call, [true, call.killed])),
  fault('records are shipped in part', 10, (world) => world.pbxs.filter((pbx) => pbx.unshipped.length > 1), (world, pbx, choice) => ship(world.lane, pbx, 1 + choice.of(pbx.unshipped.length - 1))),
  fault('a PBX restarts', 2, (world) => world.pbxs, (world, pbx) => restart(world, pbx, false)),
  fault('a PBX loses its power', 3, (world) => world.pbxs, (world, pbx) => restart(world, pbx, true)),
];

/** Every kind of step, the harmless ones first. */
export const STEP_KINDS: readonly StepKind[] = [...NORMAL, ...FAULTS];

function lost(): Error {
  return connectionLost(true);
}

async function answer(world: World, question: Question, choice: Choice): Promise<void> {
  await world.outside.answer(question, choice.of(LUCK));
}

/** Two statements of two processes run in the database at the same time, as they may. Which is first it decides itself: a world in which
 *  this matters may go otherwise when it is played again. */
async function twoAtOnce(world: World, _: null, choice: Choice): Promise<string> {
  const first = choice.pick(statements(world));
  const others = statements(world).filter((question) => question !== first);
  const second = choice.pick(others);
  await Promise.all([world.outside.answer(first, choice.of(LUCK)), world.outside.answer(second, choice.of(LUCK))]);
  return [first.what, second.what].map((what) => what.replace(/-\d+$/, '')).sort().join(' + ');
}

function remove(world: World, transit: Transit): void {
  world.transits.splice(world.transits.indexOf(transit), 1);
}

function gone(world: World, transit: Transit, sent: boolean): void {
  remove(world, transit);
  if (!transit.givenUp) transit.reject(connectionLost(sent));
}

async function arrives(world: World, transit: Transit): Promise<string> {
  remove(world, transit);
  const arrival = transit.pbx.arrive(transit.action);
  must(arrival.call !== null, `an originate that finds its ${arrival.what}`);
  if (!transit.givenUp) transit.resolve({ Response: 'Success' });
  if (arrival.what === 'started') await world.carrier.started(arrival.call);
  else world.carrier.refused(arrival.call);
  return arrival.what;
}

/** The second copy comes while the first call lives: TCP gives no byte twice, so that later copies cannot be. */
async function arrivesTwice(world: World, transit: Transit): Promise<string> {
  const what = await arrives(world, transit);
  if (what === 'started') must(transit.pbx.arrive(transit.action).what === 'id in use', 'a live channel id was taken twice');
  return what;
}

function goesOn(world: World, call: PbxCall, choice: Choice): string {
  const cause = choice.pick(CAUSES);
  if (call.answeredAt === null && choice.of(2) === 0) {
    call.pbx.answer(call);
    return 'answered';
  }
  if (call.answeredAt !== null && call.bridgedAt === null && call.destination !== 'hold' && choice.of(2) === 0) {
    call.pbx.bridge(call);
    return 'bridged';
  }
  call.pbx.end(call, call.answeredAt === null ? cause : 16);
  return 'ended';
}

function untold(world: World): PbxCall[] {
  return world.pbxs.flatMap((pbx) => pbx.untold);
}

/** @param saidAs each message: whether inferred; none, when it is lost for good */
function tell(world: World, call: PbxCall, saidAs: boolean[]): void {
  call.pbx.untold = call.pbx.untold.filter((other) => other !== call);
  for (const inferred of saidAs) world.outcomes.publish(callEndedEvent(call, inferred));
}

function deliverSlice(world: World, first: unknown, choice: Choice): string {
  const message = choice.of(2) === 0 ? world.slices.waiting[0] : (first as SimulatedQueue['waiting'][number]);
  if (!message) return 'none';
  const inOrder = message === world.slices.waiting[0];
  choice.pick(freeWorkers(world)).takeSlice(message);
  return inOrder ? 'in order' : 'out of order';
}

function deliverOutcomes(world: World, worker: World['workers'][number], choice: Choice): string {
  const { waiting } = world.outcomes;
  const from = choice.of(waiting.length);
  worker.takeOutcomes(waiting.slice(from, from + 1 + choice.of(5)));
  return from === 0 ? 'in order' : 'out of order';
}

async function planRound(world: World, master: World['masters'][number]): Promise<string> {
  const deposed = (master.term ?? 0) < world.claims.newestTerm;
  await master.tick();
  return deposed ? 'deposed' : 'in office';
}

/** Records are read to their end, then a whole sweep, before anything else happens. */
async function sweepAtOnce(world: World, worker: World['workers'][number]): Promise<void> {
  for (const pbx of world.pbxs) await ship(world.lane, pbx, pbx.unshipped.length);
  const others = new Set(world.outside.pending);
  await worker.sweep();
  for (let left = 50; worker.sweeping && left > 0; left--) {
    const question = world.outside.pending.find((one) => one.process === worker.process && !others.has(one));
    if (question) await world.outside.answer(question, 0);
    await world.settle();
  }
}

/** A new Asterisk takes less than half a second at best, a new machine half a minute. */
async function restart(world: World, pbx: World['pbxs'][number], powerLost: boolean): Promise<void> {
  const downMs = powerLost ? 30_000 : 400;
  pbx.kill(powerLost, world.lane.now() + downMs);
  for (const transit of world.transits.filter((one) => one.pbx === pbx)) gone(world, transit, true);
  await world.lane.pass(downMs);
}
