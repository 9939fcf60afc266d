import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ProcessIdentity } from './desired.ts';
import type { Home } from './home.ts';
import { identify, isSameAlive, until } from './processes.ts';
import type { Report } from './report.ts';

const WAIT_MS = 600_000;

/** Runs `work` while no other command changes the same stack. A holder that died does not count. */
export async function withCommandLock<T>(home: Home, report: Report, work: () => Promise<T>): Promise<T> {
  let told = false;
  const taken = await until(() => {
    const holder = tryTake(home.commandLock);
    if (holder && !told) report(`Waiting for another command on this stack (process ${holder.pid})`);
    told ||= Boolean(holder);
    return !holder;
  }, WAIT_MS, 100);
  if (!taken) throw new Error(`another command has held ${home.commandLock} for ${WAIT_MS / 60_000} minutes`);
  try {
    return await work();
  } finally {
    rmSync(home.commandLock, { force: true });
  }
}

/** @returns who holds it, or undefined when it is ours now. Linking a complete file is atomic: nobody reads half a holder. */
function tryTake(file: string): ProcessIdentity | undefined {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    for (;;) {
      if (link(mine, file)) return undefined;
      const holder = readHolder(file);
      if (holder && isSameAlive(holder)) return holder;
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
