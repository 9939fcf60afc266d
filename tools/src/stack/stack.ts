import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bringUp } from './bring-up.ts';
import { withCommandLock } from './command-lock.ts';
import { type StackConfig, readConfig } from './config.ts';
import { desiredSchema } from './desired.ts';
import { type Home, ensureHome, ensureSecrets, homeAt, readJson, writeJson } from './home.ts';
import { dataDirOutside } from './provision.ts';
import { type Report, reportToStderr, step } from './report.ts';
import { type StackStatus, readStatus } from './status.ts';
import { stopSupervisor } from './supervise.ts';
import { type UpOptions, checkOptions } from './up-options.ts';

export type { StackStatus } from './status.ts';
export type { UpOptions } from './up-options.ts';

/** Brings the stack into the wanted state, whatever state it is in, and waits until all of it is ready.
 *  What is not given has its default value, whatever runs now.
 *  @returns the status (contract 3)
 *  @throws StackError: its message is one sentence for the user, its exitCode the process's */
export async function up(options: UpOptions = {}, report: Report = reportToStderr, config: StackConfig = readConfig()): Promise<StackStatus> {
  checkOptions(options);
  const home = openHome(config);
  await withCommandLock(home, report, () => bringUp(home, options, report, config));
  return readStatus(home);
}

/** Ends everything of the stack, in order; its data stays. */
export async function down(report: Report = reportToStderr, config: StackConfig = readConfig()): Promise<void> {
  const home = openHome(config);
  await withCommandLock(home, report, () => takeDown(home, report));
}

/** Lets a running stack end by itself some time from now; the next `up` keeps it. */
export async function endAfter(ms: number, report: Report = reportToStderr, config: StackConfig = readConfig()): Promise<void> {
  const home = openHome(config);
  await withCommandLock(home, report, async () => {
    const desired = readJson(home.desiredFile, desiredSchema);
    if (desired) writeJson(home.desiredFile, { ...desired, generation: desired.generation + 1, endsAt: Date.now() + ms });
  });
}

/** How the stack is, with everything that others need to reach it. */
export const status = (config: StackConfig = readConfig()): Promise<StackStatus> => readStatus(homeAt(config.homeDir));

/** Ends everything and deletes data, configuration and logs; the cache of unpacked programs stays. */
export async function reset(report: Report = reportToStderr, config: StackConfig = readConfig()): Promise<void> {
  const home = openHome(config);
  await withCommandLock(home, report, async () => {
    await takeDown(home, report);
    await step(report, 'data deleted', async () => deleteData(home));
  });
}

function openHome(config: StackConfig): Home {
  const home = homeAt(config.homeDir);
  ensureHome(home);
  return home;
}

async function takeDown(home: Home, report: Report): Promise<void> {
  await step(report, 'services, PBX and servers stopped', () => stopSupervisor(home));
}

function deleteData(home: Home): void {
  const inside = ['data', 'pbx', 'log', 'bin', 'imports', 'spool'].map((name) => join(home.dir, name));
  for (const path of [dataDirOutside(home, ensureSecrets(home)), ...inside, home.secretsFile, home.portsFile]) {
    rmSync(path, { recursive: true, force: true });
  }
}
