import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { signal } from '../stack/processes.ts';

/** A process and all its descendants. */
export function treeOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(name);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = (root: number): number[] => [root, ...(children.get(root) ?? []).flatMap(tree)];
  return tree(pid);
}

function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null; // it ended while we looked
  }
}

/** Freezes or thaws a process with its children: PostgreSQL's work is done by those. */
export function signalTree(pid: number, name: NodeJS.Signals): void {
  for (const one of treeOf(pid)) signal(one, name);
}

/** The local ports from which a process is connected to `port` of this machine, from /proc. */
export function portsTo(pid: number, port: number): Set<number> {
  const sockets = socketsOf(pid);
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const found = new Set<number>();
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const [, local = '', remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/);
    if (remote.endsWith(`:${hex}`) && sockets.has(inode)) found.add(Number.parseInt(local.split(':')[1] ?? '', 16));
  }
  return found;
}

function socketsOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  try {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode) inodes.add(inode);
    }
  } catch {
    // it ended while we looked
  }
  return inodes;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
