import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findMirror } from './apt-sources.ts';
import { inheritedEnvironment } from './config.ts';
import { outputOf } from './packages.ts';
import { EXIT, StackError } from './stack-error.ts';
import { type Report, step } from './report.ts';

const run = promisify(execFile);
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Raised when the way of unpacking changes, so that older caches are not used. */
const LAYOUT = 1;
/** Packages in the closure that a running program never needs. */
const SKIPPED = /^(perl|gnupg|gpg|dirmngr|apt_|debconf|adduser|passwd|tar_|dpkg_|mount_|login|systemd|init-system)/;

/** Why a program cannot be had. */
class Absent extends Error {
  readonly details: string;

  constructor(why: string, details = '') {
    super(why);
    this.details = details;
  }
}

export type DebianSource = { cacheDir: string; mirror: string | undefined; suite: string };

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
    const archives = await download(join(work, 'apt'), source.mirror ?? mirrorOfMachine(), source.suite, wanted.packages ?? [wanted.package]);
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

function mirrorOfMachine(): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Absent('it can be unpacked on Linux for x86-64 only');
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) throw new Absent('this is not a Debian-family machine');
  if (!existsSync(KEYRING)) throw new Absent('the package debian-archive-keyring, which proves where packages come from, is not installed');
  const codename = /^VERSION_CODENAME=(.+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  const mirror = findMirror(sourceFiles(), codename);
  if (!mirror) throw new Absent('the apt sources name no Debian mirror (DEBIAN_MIRROR may name one)');
  return mirror;
}

function sourceFiles(): string[] {
  const parts = '/etc/apt/sources.list.d';
  const names = existsSync(parts) ? readdirSync(parts).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return ['/etc/apt/sources.list', ...names.map((name) => join(parts, name))].filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
}

/** Downloads packages and all that they need with an apt of its own, which knows no installed package.
 *  @returns the package files to unpack */
async function download(apt: string, mirror: string, suite: string, names: readonly string[]): Promise<string[]> {
  for (const dir of ['lists/partial', 'cache/archives/partial', 'etc/apt.conf.d', 'etc/preferences.d', 'etc/trusted.gpg.d']) {
    mkdirSync(join(apt, dir), { recursive: true });
  }
  writeFileSync(join(apt, 'status'), '');
  writeFileSync(join(apt, 'etc/sources.list'), `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  writeFileSync(join(apt, 'apt.conf'), `${await machineAcquireSettings()}\n${privateAptSettings(apt)}`);
  const env = { ...inheritedEnvironment(), PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', APT_CONFIG: join(apt, 'apt.conf') };
  const options = { env, maxBuffer: 64 << 20 };
  await aptGet(['-q', '-o', 'APT::Update::Error-Mode=any', 'update'], options);
  await aptGet(['-q', '-y', '--download-only', 'install', ...names], options);
  const archives = join(apt, 'cache/archives');
  return readdirSync(archives).filter((file) => file.endsWith('.deb') && !SKIPPED.test(file)).map((file) => join(archives, file));
}

async function aptGet(args: string[], options: { env: NodeJS.ProcessEnv; maxBuffer: number }): Promise<void> {
  try {
    await run('apt-get', args, options);
  } catch (error) {
    const lines = outputOf(error).split('\n').filter((line) => /^[EW]:/.test(line));
    throw new Absent('the Debian mirror cannot be reached or lacks it', lines.slice(0, 5).join('\n'));
  }
}

/** How this machine reaches its mirror (proxy, certificates) holds for ours too. */
async function machineAcquireSettings(): Promise<string> {
  const { stdout } = await run('apt-config', ['dump']);
  return stdout.split('\n').filter((line) => /^Acquire::(http|https|ftp|Retries)/i.test(line)).join('\n');
}

function privateAptSettings(apt: string): string {
  return `Dir "${apt}";
Dir::State "${apt}";
Dir::State::lists "${apt}/lists";
Dir::State::status "${apt}/status";
Dir::Cache "${apt}/cache";
Dir::Etc "${apt}/etc";
Dir::Etc::sourcelist "${apt}/etc/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::parts "${apt}/etc/apt.conf.d";
Dir::Log "${apt}";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Debug::NoLocking "1";
`;
}
