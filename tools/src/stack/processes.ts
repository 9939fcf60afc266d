import { readFileSync, readdirSync } from 'node:fs';
import type { ProcessIdentity } from './desired.ts';

/** Every process that the supervisor starts carries this variable, with the mark of its home as value. */
export const MARK_VARIABLE = 'DISCADOR_STACK_MARK';

/** @returns the identity of a live process, undefined when it is gone or a zombie */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, startTime: fields[19] ?? '', cmdline: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() };
  } catch {
    return undefined;
  }
}

/** True when exactly this process still lives: same pid, same start time (a reused pid has another). */
export const isSameAlive = (known: ProcessIdentity): boolean => identify(known.pid)?.startTime === known.startTime;

/** Live processes that carry `mark` in their environment: children of a supervisor that is gone, and what they started. */
export function findMarked(mark: string): ProcessIdentity[] {
  const wanted = `${MARK_VARIABLE}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).includes(wanted))
    .map((name) => identify(Number(name)))
    .filter((found) => found !== undefined);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return []; // gone, or someone else's
  }
}

/** Sends a signal; a process that is already gone is fine. @param pid negative = its process group */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves true as soon as `condition` holds, looking every `everyMs`; false after `timeoutMs`. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number, everyMs = 50): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
