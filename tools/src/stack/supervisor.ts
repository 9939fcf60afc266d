// The one process that owns everything of a stack: servers, PBXs and services are its children, in the foreground.
// It makes true what desired.json says and tells in state.json what is. SIGTERM ends all, in order.
//   node supervisor.ts HOME PORT_BASE
import { statSync, watch } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { join } from 'node:path';
import { HOST, pbxName } from './addresses.ts';
import { countFailure, restartDelayMs } from './backoff.ts';
import { Child, type Exit } from './child.ts';
import { type Desired, type State, desiredSchema } from './desired.ts';
import { type Home, type Secrets, ensureSecrets, homeAt, homeMark, readJson, writeJson } from './home.ts';
import { pbxProcess } from './pbx-processes.ts';
import { OFFSET } from './port-block.ts';
import { type ProcessSpec, fingerprint } from './process-spec.ts';
import { identify } from './processes.ts';
import { type Supervised, decideActions, isSettled } from './reconcile.ts';
import { renderPbx } from './render-pbx.ts';
import { serverProcesses } from './server-processes.ts';
import { serviceProcesses } from './service-processes.ts';

const POLL_MS = 200;
/** A home that somebody deleted cannot be commanded any more: everything in it stops after this long. */
const ABANDONED_MS = 3_000;

type Entry = Supervised & { spec: ProcessSpec; child: Child | null; failures: number; restarts: number; lastExit: string | null };

class Supervisor {
  readonly #home: Home;
  readonly #secrets: Secrets;
  readonly #portBase: number;
  readonly #entries = new Map<string, Entry>();
  #wanted: ProcessSpec[] = [];
  #problems: string[] = [];
  #generation = 0;
  #endsAt: number | null = null;
  #seen = '';
  #stopping = false;
  #writtenState = '';
  #missingSince: number | null = null;

  constructor(home: Home, portBase: number) {
    this.#home = home;
    this.#secrets = ensureSecrets(home);
    this.#portBase = portBase;
  }

  /** One look at everything; never overlaps with another. */
  async tick(): Promise<void> {
    if (!this.#stopping) await this.#readDesired();
    if (this.#endsAt !== null && Date.now() > this.#endsAt) this.stop('its time is over');
    const wanted = this.#stopping ? [] : this.#wanted;
    for (const action of decideActions(wanted, [...this.#entries.values()], performance.now())) {
      if (action.type === 'start') this.#start(action.spec);
      else if (action.type === 'stop') this.#stop(action.id);
      else this.#entries.delete(action.id);
    }
    this.#writeState();
  }

  stop(reason: string): void {
    if (!this.#stopping) log(`stopping everything: ${reason}`);
    this.#stopping = true;
  }

  get finished(): boolean {
    return this.#stopping && this.#entries.size === 0;
  }

  async #readDesired(): Promise<void> {
    const stamp = this.#desiredStamp();
    if (stamp === undefined || stamp === this.#seen) return;
    const desired = readJson(this.#home.desiredFile, desiredSchema);
    if (!desired) return;
    this.#wanted = await this.#specsOf(desired);
    this.#generation = desired.generation;
    this.#endsAt = desired.endsAt;
    this.#seen = stamp;
    log(`generation ${desired.generation}: ${this.#wanted.map((spec) => spec.id).join(', ') || 'nothing'}`);
  }

  /** Changes with the file; undefined while it is missing. */
  #desiredStamp(): string | undefined {
    try {
      const { mtimeNs, ino } = statSync(this.#home.desiredFile, { bigint: true });
      this.#missingSince = null;
      return `${mtimeNs}-${ino}`;
    } catch {
      this.#missingSince ??= performance.now();
      if (this.#seen && performance.now() - this.#missingSince > ABANDONED_MS) this.stop('the home was removed');
      return undefined;
    }
  }

  async #specsOf(desired: Desired): Promise<ProcessSpec[]> {
    this.#problems = [];
    const services = serviceProcesses(desired, this.#home, this.#secrets, process.execPath);
    return [...serverProcesses(desired), ...(await this.#pbxSpecs(desired)), ...services];
  }

  async #pbxSpecs(desired: Desired): Promise<ProcessSpec[]> {
    const specs: ProcessSpec[] = [];
    for (let index = 1; index <= desired.pbx; index += 1) {
      try {
        const configHash = await renderPbx(desired, this.#home, this.#secrets, index);
        specs.push(pbxProcess(desired, this.#home, index, configHash));
      } catch (error) {
        this.#problems.push(`${pbxName(index)} has no configuration: ${error instanceof Error ? error.message.trim() : String(error)}`);
      }
    }
    return specs;
  }

  #start(spec: ProcessSpec): void {
    const before = this.#entries.get(spec.id);
    const entry: Entry = {
      id: spec.id,
      rank: spec.rank,
      fingerprint: fingerprint(spec),
      status: 'running',
      retryAt: 0,
      spec,
      child: null,
      failures: before?.fingerprint === fingerprint(spec) ? before.failures : 0,
      restarts: before ? before.restarts + 1 : 0,
      lastExit: before?.lastExit ?? null,
    };
    this.#entries.set(spec.id, entry);
    const logFile = join(this.#home.logDir, `${spec.id}.log`);
    entry.child = new Child(spec, logFile, homeMark(this.#home.dir), (exit) => this.#onExit(entry, exit));
    log(`${spec.id} started, pid ${entry.child.identity?.pid ?? 'none'}`);
  }

  #stop(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.status = 'stopping';
    entry.child?.stop();
  }

  #onExit(entry: Entry, exit: Exit): void {
    entry.lastExit = exit.error ?? (exit.signal ? `killed by ${exit.signal}` : `exit code ${exit.code}`);
    log(`${entry.id} ended: ${entry.lastExit}`);
    if (entry.status === 'stopping') {
      this.#entries.delete(entry.id);
    } else {
      const lived = performance.now() - (entry.child?.startedAt ?? performance.now());
      entry.failures = countFailure(entry.failures, lived);
      entry.status = 'waiting';
      entry.retryAt = performance.now() + restartDelayMs(entry.failures, Math.random());
    }
    entry.child = null;
    wake();
  }

  #writeState(): void {
    const self = identify(process.pid);
    if (!self) return;
    const state: State = {
      generation: this.#generation,
      settled: isSettled(this.#wanted, [...this.#entries.values()]),
      portBase: this.#portBase,
      supervisor: self,
      processes: [...this.#entries.values()].map(({ id, spec, child, status, restarts, failures, lastExit }) => {
        const { kind, name, replica } = spec;
        return { id, kind, name, replica, process: child?.identity ?? null, status, restarts, failures, lastExit };
      }),
      problems: this.#problems,
    };
    const text = JSON.stringify(state);
    if (text === this.#writtenState) return;
    writeJson(this.#home.stateFile, state);
    this.#writtenState = text;
  }
}

const log = (text: string): void => void process.stdout.write(`${new Date().toISOString()} ${text}\n`);

let wake = (): void => undefined;

/** Resolves at the next event or after POLL_MS. */
const nextLook = (): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, POLL_MS);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

/** The port is the lock: it goes with the process, whatever ends it. */
function holdPort(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => resolve(server));
  });
}

async function main(dir: string, portBase: number): Promise<void> {
  const home = homeAt(dir);
  const server = await holdPort(portBase + OFFSET.supervisor);
  const supervisor = new Supervisor(home, portBase);
  const end = (name: string) => (): void => {
    supervisor.stop(name);
    wake();
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, end(name));
  process.on('SIGHUP', () => undefined);
  // Its death would orphan every server: a failed write (disk full) is logged and tried again at the next look.
  process.on('uncaughtException', (error) => log(`unexpected: ${error.stack ?? error.message}`));
  watch(dir, () => wake()).on('error', () => undefined);
  while (!supervisor.finished) {
    await supervisor.tick().catch((error: unknown) => log(`look failed: ${String(error)}`));
    if (!supervisor.finished) await nextLook();
  }
  server.close();
  log('ended');
  process.exit(0);
}

const [dir = '', base = ''] = process.argv.slice(2);
await main(dir, Number(base));
