import { readdirSync, readFileSync } from 'node:fs';

interface ProcStat {
  ppid: number;
  ticks: number;
  childTicks: number;
}

const TICKS_PER_SEC = 100; // USER_HZ of every Linux that Node runs on

/** CPU milliseconds used so far by each of these processes with all their descendants, ended ones included. Read from /proc. */
export function cpuMs(pids: Record<string, number>): Record<string, number> {
  const all = readAll();
  const children = new Map<number, number[]>();
  for (const [pid, { ppid }] of all) children.set(ppid, [...(children.get(ppid) ?? []), pid]);
  const tree = (pid: number): number => {
    const own = all.get(pid);
    return own ? own.ticks + own.childTicks + (children.get(pid) ?? []).reduce((sum, child) => sum + tree(child), 0) : 0;
  };
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, (tree(pid) * 1000) / TICKS_PER_SEC]));
}

function readAll(): Map<number, ProcStat> {
  const all = new Map<number, ProcStat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const at = (index: number): number => Number(fields[index]);
      all.set(Number(name), { ppid: at(1), ticks: at(11) + at(12), childTicks: at(13) + at(14) });
    } catch {
      // it ended while we looked
    }
  }
  return all;
}
