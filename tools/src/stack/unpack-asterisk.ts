import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findMirror } from './apt-sources.ts';
import { inheritedEnvironment } from './config.ts';
import { outputOf } from './packages.ts';
import { asteriskArgv } from './pbx-processes.ts';
import { EXIT, StackError } from './stack-error.ts';
import { type Report, step } from './report.ts';

const run = promisify(execFile);
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** Raised when the way of unpacking changes, so that older caches are not used. */
const LAYOUT = 1;
/** Packages in the closure that a running Asterisk never needs. */
const SKIPPED = /^(perl|gnupg|gpg|dirmngr|apt_|debconf|adduser|passwd|tar_|dpkg_|mount_|login|systemd|init-system)/;

export type AsteriskSource = { cacheDir: string; mirror: string | undefined; suite: string };

/** A real Asterisk from Debian's packages of `suite`, unpacked into the cache without root; shared by all homes.
 *  @returns the folder that stands for its `/`
 *  @throws StackError (69) in one sentence: what is missing and how to give a PBX by its URLs */
export async function ensureAsterisk(source: AsteriskSource, report: Report): Promise<string> {
  const root = join(source.cacheDir, `asterisk-${source.suite}-${process.arch}-${LAYOUT}`);
  if (existsSync(root)) return root;
  await step(report, `unpacking Asterisk from the Debian packages of ${source.suite}`, () => unpack(source, root));
  return root;
}

async function unpack(source: AsteriskSource, root: string): Promise<void> {
  const mirror = source.mirror ?? mirrorOfMachine();
  mkdirSync(source.cacheDir, { recursive: true });
  const work = mkdtempSync(join(source.cacheDir, 'unpack-'));
  try {
    const archives = await download(join(work, 'apt'), mirror, source.suite);
    const fresh = join(work, 'root');
    for (const file of archives) await run('dpkg-deb', ['-x', file, fresh]);
    for (const part of ['doc', 'man', 'locale', 'lintian', 'bug']) rmSync(join(fresh, 'usr/share', part), { recursive: true, force: true });
    const [loader = '', ...args] = asteriskArgv(fresh, '/nonexistent');
    await run(loader, [...args.slice(0, 3), '-V']);
    publish(fresh, root);
  } catch (error) {
    throw error instanceof StackError ? error : absent('its packages could not be fetched and unpacked', outputOf(error));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** One step, so that nobody sees half an Asterisk; another home may have been faster. */
function publish(fresh: string, root: string): void {
  try {
    renameSync(fresh, root);
  } catch (error) {
    if (!existsSync(root)) throw error;
  }
}

function mirrorOfMachine(): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw absent('it can be unpacked on Linux for x86-64 only');
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) throw absent('this is not a Debian-family machine');
  if (!existsSync(KEYRING)) throw absent('the package debian-archive-keyring, which proves where packages come from, is not installed');
  const codename = /^VERSION_CODENAME=(.+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  const mirror = findMirror(sourceFiles(), codename);
  if (!mirror) throw absent('the apt sources name no Debian mirror (DEBIAN_MIRROR may name one)');
  return mirror;
}

function sourceFiles(): string[] {
  const parts = '/etc/apt/sources.list.d';
  const names = existsSync(parts) ? readdirSync(parts).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return ['/etc/apt/sources.list', ...names.map((name) => join(parts, name))].filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
}

/** Downloads Asterisk and all that it needs with an apt of its own, which knows no installed package.
 *  @returns the package files to unpack */
async function download(apt: string, mirror: string, suite: string): Promise<string[]> {
  for (const dir of ['lists/partial', 'cache/archives/partial', 'etc/apt.conf.d', 'etc/preferences.d', 'etc/trusted.gpg.d']) {
    mkdirSync(join(apt, dir), { recursive: true });
  }
  writeFileSync(join(apt, 'status'), '');
  writeFileSync(join(apt, 'etc/sources.list'), `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  writeFileSync(join(apt, 'apt.conf'), `${await machineAcquireSettings()}\n${privateAptSettings(apt)}`);
  const env = { ...inheritedEnvironment(), PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', APT_CONFIG: join(apt, 'apt.conf') };
  const options = { env, maxBuffer: 64 << 20 };
  await aptGet(['-q', '-o', 'APT::Update::Error-Mode=any', 'update'], options);
  await aptGet(['-q', '-y', '--download-only', 'install', 'asterisk'], options);
  const archives = join(apt, 'cache/archives');
  return readdirSync(archives).filter((name) => name.endsWith('.deb') && !SKIPPED.test(name)).map((name) => join(archives, name));
}

async function aptGet(args: string[], options: { env: NodeJS.ProcessEnv; maxBuffer: number }): Promise<void> {
  try {
    await run('apt-get', args, options);
  } catch (error) {
    const lines = outputOf(error).split('\n').filter((line) => /^[EW]:/.test(line));
    throw absent('the Debian mirror cannot be reached or lacks it', lines.slice(0, 5).join('\n'));
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

function absent(why: string, details = ''): StackError {
  const urls = 'AMI_URL=tcp://user:secret@host:5038 ARI_URL=http://user:secret@host:8088';
  return new StackError(`Asterisk missing, and ${why}: give a running one with ${urls}`, EXIT.away, details);
}
