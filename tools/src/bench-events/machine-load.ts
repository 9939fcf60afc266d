import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs } from '../bench/cpu-time.ts';

interface MachineTime {
  idleMs: number;
  allMs: number;
}

const MS_PER_TICK = 10; // USER_HZ is 100 on every Linux that Node runs on

function machineTime(): MachineTime {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0); // idle and waiting for a disk
  return { idleMs: idle * MS_PER_TICK, allMs: ticks.reduce((sum, value) => sum + value, 0) * MS_PER_TICK };
}

/** The share of the machine's CPU time that nobody used, over `ms`. */
export async function idleShare(ms: number): Promise<number> {
  const before = machineTime();
  await sleep(ms);
  const after = machineTime();
  return (after.idleMs - before.idleMs) / Math.max(1, after.allMs - before.allMs);
}

/** From now on watches how much of the machine is used by processes that are none of ours, a hypervisor's share included.
 *  @param pid  of which all that is ours descends
 *  @returns asks for the share until now, 0 to 1 */
export function watchStrangers(pid: number): () => number {
  const ours = (): number => cpuMs({ all: pid })['all'] ?? 0;
  const before = { ...machineTime(), ours: ours(), at: performance.now() };
  return () => {
    const after = machineTime();
    const busyMs = (performance.now() - before.at) * cpus().length - (after.idleMs - before.idleMs);
    return Math.max(0, busyMs - (ours() - before.ours)) / ((performance.now() - before.at) * cpus().length);
  };
}
