import { v7 as uuid } from 'uuid';
import type { Logger } from 'pino';
import { CarrierWatch } from './carrier-watch.ts';
import { ClaimWatch } from './claim-watch.ts';
import { must, Violation } from './findings.ts';
import type { Lane } from './lane.ts';
import { MasterProcess } from './master-process.ts';
import { isInjected, Outside } from './outside.ts';
import { Process } from './process.ts';
import type { Transit } from './simulated-ami.ts';
import { SimulatedQueue } from './simulated-broker.ts';
import { SimulatedLocks } from './simulated-locks.ts';
import { SimulatedPbx } from './simulated-pbx.ts';
import { WorkerProcess } from './worker-process.ts';
import type { WorldPlan } from './world-plan.ts';

const CONTACTS = 18;
/** Numbers that are in both campaigns' lists. */
const SHARED = 5;
const TRACE = 60;

/** Two campaigns, masters and workers of the product, and what is around them. */
export class World {
  readonly lane: Lane;
  readonly plan: WorldPlan;
  readonly outside = new Outside();
  readonly slices = new SimulatedQueue();
  readonly outcomes = new SimulatedQueue();
  readonly locks = new SimulatedLocks();
  readonly transits: Transit[] = [];
  readonly pbxs: SimulatedPbx[];
  readonly claims: ClaimWatch;
  readonly carrier: CarrierWatch;
  readonly campaignIds = [uuid(), uuid()];
  masters: MasterProcess[] = [];
  workers: WorkerProcess[] = [];
  step = 0;
  readonly trace: string[] = [];
  readonly log: Logger;
  #finding: unknown;
  #incarnations = 0;

  private constructor(lane: Lane, plan: WorldPlan) {
    this.lane = lane;
    this.plan = plan;
    this.claims = new ClaimWatch(lane);
    this.carrier = new CarrierWatch(lane, plan);
    const now = (): number => lane.now();
    this.pbxs = plan.pbxSkewMs.map((skewMs, index) => new SimulatedPbx(`pbx-${'ab'[index]}`, skewMs, now));
    this.log = this.#listeningLog();
    this.masters = plan.masterSkewMs.map((_, index) => this.#newMaster(index));
    this.workers = plan.workerSkewMs.map((_, index) => this.#newWorker(index));
  }

  static async open(lane: Lane, plan: WorldPlan): Promise<World> {
    await lane.empty();
    const world = new World(lane, plan);
    await world.#seed();
    return world;
  }

  get processes(): (MasterProcess | WorkerProcess)[] {
    return [...this.masters, ...this.workers];
  }

  /** Whoever runs as this process ends here; another is started in its place. What it had of the broker comes again. */
  crash(process: Process): void {
    this.outside.crash(process);
    this.slices.allAgain(process);
    this.outcomes.allAgain(process);
    for (const transit of this.transits) if (transit.from === process) transit.givenUp = true;
    this.masters = this.masters.map((master, index) => (master.process === process ? this.#newMaster(index) : master));
    this.workers = this.workers.map((worker, index) => (worker.process === process ? this.#newWorker(index) : worker));
  }

  /** Listens to a piece of the product's work: an error that the simulation did not cause is a finding. */
  follow(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#found(error));
  }

  /** Lets all go on that has been answered. @throws what was found meanwhile */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#finding !== undefined) throw this.#finding;
  }

  /** Looks at a statement of a master or a worker. @returns looks at its rows */
  watch(statement: string, values: readonly unknown[]): (rows: Record<string, unknown>[]) => void {
    if (statement !== 'end-attempts') return this.claims.begins(statement, values);
    return (rows) => rows.filter((row) => row['disposition'] === 'not_placed').forEach((row) => this.#mustNeverBePlaced(String(row['attempt_id'])));
  }

  /** Whoever says that an attempt was never placed must know that it never will be. */
  #mustNeverBePlaced(attemptId: string): void {
    const call = this.carrier.calls.get(attemptId);
    must(call === undefined || call.refused, 'a call that was placed was stored as not_placed');
    const onItsWay = this.transits.find(({ action }) => action['ActionID'] === attemptId);
    must(onItsWay === undefined || !onItsWay.pbx.letsPass(onItsWay.action), 'stored as not_placed while its originate may still come and pass the gate');
  }

  note(text: string): void {
    this.trace.push(`${this.step} ${text}`);
    if (this.trace.length > TRACE) this.trace.shift();
  }

  #found(error: unknown): void {
    if (!isInjected(error)) this.#finding ??= error;
  }

  #newMaster(index: number): MasterProcess {
    return new MasterProcess(this, this.#newProcess(`master ${index + 1}`, this.plan.masterSkewMs[index] ?? 0));
  }

  #newWorker(index: number): WorkerProcess {
    return new WorkerProcess(this, this.#newProcess(`worker ${index + 1}`, this.plan.workerSkewMs[index] ?? 0), this.plan.offsetErrorMs);
  }

  #newProcess(name: string, skewMs: number): Process {
    this.#incarnations += 1;
    return new Process(`${name}.${this.#incarnations}`, () => this.lane.now() + skewMs);
  }

  /** What the product logs as caught is looked at all the same. */
  #listeningLog(): Logger {
    const look = (details: unknown): void => {
      const error = (details as { err?: unknown } | null)?.err;
      if (error !== undefined) this.#found(error instanceof Error ? error : new Violation(String(error)));
    };
    return { trace: look, debug: look, info: look, warn: look, error: look, fatal: look } as unknown as Logger;
  }

  async #seed(): Promise<void> {
    const [agentless, progressive] = this.campaignIds;
    const { maxAttempts, retryDelaySec } = this.plan;
    await this.lane.rows(
      `INSERT INTO campaigns (campaign_id, name, status, mode, queue, max_channels, window_from, window_to, max_attempts, retry_delay_sec)
       VALUES ($1, 'agentless', 'active', 'agentless', NULL, 5, '00:00', '24:00', $3, $4), ($2, 'with agents', 'active', 'progressive', 'demo', 8, '00:00', '24:00', $3, $4)`,
      [agentless, progressive, maxAttempts, retryDelaySec],
    );
    const contacts = this.campaignIds.flatMap((campaignId, list) =>
      Array.from({ length: CONTACTS }, (_, index) => ({ contactId: uuid(), campaignId, phones: phonesOf(list, index) })),
    );
    await this.lane.rows(
      `INSERT INTO contacts (contact_id, campaign_id, phones, due_at)
       SELECT c, g, string_to_array(p, ' '), now() - make_interval(secs => 100 - n) FROM unnest($1::uuid[], $2::uuid[], $3::text[]) WITH ORDINALITY AS new (c, g, p, n)`,
      [contacts.map((contact) => contact.contactId), contacts.map((contact) => contact.campaignId), contacts.map((contact) => contact.phones)],
    );
  }
}

/** The first numbers are in both lists; every third contact has a second number. */
function phonesOf(list: number, index: number): string {
  const own = `+55119${index < SHARED ? 0 : list + 1}${100_000 + index}`;
  return index % 3 === 2 ? `${own} +55118${list}${100_000 + index}` : own;
}
