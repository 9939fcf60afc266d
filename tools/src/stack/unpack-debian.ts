import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { outputOf } from './packages.ts';
import { Absent, type DebianSource, mirrorOf, privateApt } from './private-apt.ts';
import { EXIT, StackError } from './stack-error.ts';
import { type Report, step } from './report.ts';

const run = promisify(execFile);
/** Raised when the way of unpacking changes, so that older caches are not used. */
const LAYOUT = 1;
/** Packages in the closure that a running program never needs. */
const SKIPPED = /^(perl|gnupg|gpg|dirmngr|apt_|debconf|adduser|passwd|tar_|dpkg_|mount_|login|systemd|init-system)/;

/** A program of Debian's that runs from a folder. */
export interface Unpacked {
  title: string;
  /** names its folder in the cache */
  package: string;
  /** what to unpack, each with all that it needs; the package alone when not given */
  packages?: readonly string[];
  /** The command line that runs it from a folder and ends at once with 0: what was unpacked is whole. */
  probe(root: string): string[];
  /** what to do when it cannot be had */
  instead: string;
}

/** A program from Debian's packages of `suite` with all that it needs, unpacked into the cache without root; shared by all homes.
 *  @returns the folder that stands for its `/`
 *  @throws StackError (69) in one sentence: what is missing and what to do instead */
export async function ensureUnpacked(source: DebianSource, wanted: Unpacked, report: Report): Promise<string> {
  const root = join(source.cacheDir, `${wanted.package}-${source.suite}-${process.arch}-${LAYOUT}`);
  if (existsSync(root)) return root;
  await step(report, `unpacking ${wanted.title} from the Debian packages of ${source.suite}`, () => unpack(source, wanted, root));
  return root;
}

/** The command line of a program below `root`, with the loader and the libraries that came with it. */
export function argvBelow(root: string, program: string, ...args: string[]): string[] {
  return [join(root, 'usr/lib64/ld-linux-x86-64.so.2'), '--library-path', join(root, 'usr/lib/x86_64-linux-gnu'), join(root, program), ...args];
}

async function unpack(source: DebianSource, wanted: Unpacked, root: string): Promise<void> {
  mkdirSync(source.cacheDir, { recursive: true });
  const work = mkdtempSync(join(source.cacheDir, 'unpack-'));
  try {
    const archives = await download(join(work, 'apt'), source, wanted.packages ?? [wanted.package]);
    const fresh = join(work, 'root');
    for (const file of archives) await run('dpkg-deb', ['-x', file, fresh]);
    for (const part of ['doc', 'man', 'locale', 'lintian', 'bug']) rmSync(join(fresh, 'usr/share', part), { recursive: true, force: true });
    const [loader = '', ...args] = wanted.probe(fresh);
    await run(loader, args);
    publish(fresh, root);
  } catch (error) {
    const { message, details } = error instanceof Absent ? error : new Absent('its packages could not be fetched and unpacked', outputOf(error));
    throw new StackError(`${wanted.title} missing, and ${message}: ${wanted.instead}`, EXIT.away, details);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** One step, so that nobody sees half a program; another home may have been faster. */
function publish(fresh: string, root: string): void {
  try {
    renameSync(fresh, root);
  } catch (error) {
    if (!existsSync(root)) throw error;
  }
}

/** Downloads packages and all that they need with an apt of its own, which knows no installed package.
 *  @returns the package files to unpack */
async function download(dir: string, source: DebianSource, names: readonly string[]): Promise<string[]> {
  const apt = await privateApt(dir, 'deb', mirrorOf(source), source.suite);
  await apt('-y', '--download-only', 'install', ...names);
  const archives = join(dir, 'cache/archives');
  return readdirSync(archives).filter((file) => file.endsWith('.deb') && !SKIPPED.test(file)).map((file) => join(archives, file));
}
