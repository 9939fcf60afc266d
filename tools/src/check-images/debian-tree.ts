import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../stack/report.ts';
import type { DebianSource } from '../stack/private-apt.ts';
import { argvBelow, ensureUnpacked } from '../stack/unpack-debian.ts';

/** Folders that Debian has as links since its programs are all below /usr. */
const LINKED = ['bin', 'sbin', 'lib', 'lib64'];
/** What the installation of a package would have linked, had it been run. */
const ALTERNATIVES: Record<string, string> = { 'usr/sbin/iptables': 'xtables-nft-multi', 'usr/sbin/ip6tables': 'xtables-nft-multi', 'usr/bin/awk': 'mawk', 'usr/bin/sh': 'dash' };

/** A tree of Debian's packages that can be the root of processes: what `ensureUnpacked` gives, and the links that only installing makes.
 *  @param name of the tree in the cache
 *  @returns its folder */
export async function debianTree(source: DebianSource, name: string, packages: readonly string[], report: Report): Promise<string> {
  const root = await ensureUnpacked(source, {
    title: name,
    package: name,
    packages,
    probe: (fresh) => argvBelow(fresh, 'usr/bin/true'),
    instead: 'images cannot be checked here',
  }, report);
  for (const folder of LINKED) link(join(root, folder), `usr/${folder}`);
  for (const [path, target] of Object.entries(ALTERNATIVES)) if (existsSync(join(root, path, '..', target))) link(join(root, path), target);
  for (const folder of ['proc', 'sys', 'dev', 'run', 'tmp', 'etc', 'root']) mkdirSync(join(root, folder), { recursive: true });
  return root;
}

function link(path: string, target: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isSymbolicLink() && existsSync(path)) return;
  if (there?.isDirectory()) return; // a package that still has files there
  if (!there) symlinkSync(target, path);
}
