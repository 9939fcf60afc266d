import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { State } from './desired.ts';
import { type Home, REPO_ROOT } from './home.ts';
import { stopOrphans } from './orphans.ts';
import { choosePortBase } from './ports.ts';
import { isSameAlive, signal, until } from './processes.ts';
import type { Report } from './report.ts';
import { EXIT, StackError } from './stack-error.ts';
import { liveState } from './status.ts';

const SUPERVISOR = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
const START_MS = 10_000;
/** Services 30 s, PBX 15 s, servers 20 s, and some. */
const STOP_MS = 80_000;

/** Makes sure that a supervisor looks after the home; ends first what a killed one left.
 *  @param askedBase DISCADOR_PORT_BASE
 *  @returns its first state */
export async function ensureSupervisor(home: Home, askedBase: number | undefined, report: Report): Promise<State> {
  const live = liveState(home);
  if (live) {
    if (askedBase !== undefined && askedBase !== live.portBase) {
      report(`The stack already runs on the ports from ${live.portBase}; DISCADOR_PORT_BASE counts after "stack down"`);
    }
    return live;
  }
  await clearRemains(home, report);
  for (let attempt = 1; ; attempt += 1) {
    const state = await startSupervisor(home, await choosePortBase(home, askedBase));
    if (state) return state;
    // Another stack can have taken the block between our look and our start.
    if (attempt === 3) throw new StackError(`The supervisor did not start: see ${join(home.logDir, 'supervisor.log')}`, EXIT.failed);
  }
}

async function clearRemains(home: Home, report: Report): Promise<void> {
  const orphans = await stopOrphans(home);
  if (orphans > 0) report(`Ended ${orphans} processes that a killed supervisor had left`);
  rmSync(home.stateFile, { force: true });
  rmSync(home.desiredFile, { force: true });
}

async function startSupervisor(home: Home, portBase: number): Promise<State | undefined> {
  const log = openSync(join(home.logDir, 'supervisor.log'), 'a', 0o600);
  const args = [...nodeFlags(), SUPERVISOR, home.dir, String(portBase)];
  const child = spawn(process.execPath, args, { cwd: REPO_ROOT, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let gone = false;
  child.on('error', () => (gone = true));
  child.on('exit', () => (gone = true));
  await until(() => gone || liveState(home) !== undefined, START_MS);
  child.unref();
  return gone ? undefined : liveState(home);
}

function nodeFlags(): string[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const strip = major === 22 && minor < 18 ? ['--experimental-strip-types'] : [];
  return [...strip, '--conditions=source', '--disable-warning=ExperimentalWarning'];
}

/** Ends the supervisor and with it everything of the home, in order; ends by force what does not.
 *  @returns false when nothing ran */
export async function stopSupervisor(home: Home): Promise<boolean> {
  const live = liveState(home);
  if (live) {
    const { supervisor } = live;
    signal(supervisor.pid, 'SIGTERM');
    if (!(await until(() => !isSameAlive(supervisor), STOP_MS))) signal(supervisor.pid, 'SIGKILL');
    await until(() => !isSameAlive(supervisor), 3_000);
  }
  const orphans = await stopOrphans(home);
  rmSync(home.stateFile, { force: true });
  rmSync(home.desiredFile, { force: true });
  return Boolean(live) || orphans > 0;
}
