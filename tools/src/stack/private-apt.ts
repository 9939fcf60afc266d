import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findMirror } from './apt-sources.ts';
import { inheritedEnvironment } from './config.ts';
import { outputOf } from './packages.ts';

const run = promisify(execFile);
export const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What Debian's packages are taken from. */
export type DebianSource = { cacheDir: string; mirror: string | undefined; suite: string };

/** Why something of Debian's cannot be had. */
export class Absent extends Error {
  readonly details: string;

  constructor(why: string, details = '') {
    super(why);
    this.details = details;
  }
}

/** An apt of its own in `dir`, which knows no installed package, with the lists of `suite` fetched.
 *  @param kind  packages, or the sources that they are built from
 *  @returns runs apt-get in `dir`; @throws Absent */
export async function privateApt(dir: string, kind: 'deb' | 'deb-src', mirror: string, suite: string): Promise<(...args: string[]) => Promise<void>> {
  for (const part of ['lists/partial', 'cache/archives/partial', 'etc/apt.conf.d', 'etc/preferences.d', 'etc/trusted.gpg.d']) {
    mkdirSync(join(dir, part), { recursive: true });
  }
  writeFileSync(join(dir, 'status'), '');
  writeFileSync(join(dir, 'etc/sources.list'), `${kind} [signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  writeFileSync(join(dir, 'apt.conf'), `${await machineAcquireSettings()}\n${privateAptSettings(dir)}`);
  const env = { ...inheritedEnvironment(), PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', APT_CONFIG: join(dir, 'apt.conf') };
  const apt = (...args: string[]): Promise<void> => aptGet(['-q', ...args], { env, cwd: dir, maxBuffer: 64 << 20 });
  await apt('-o', 'APT::Update::Error-Mode=any', 'update');
  return apt;
}

/** The mirror that was given, or the machine's own. @throws Absent */
export const mirrorOf = ({ mirror }: DebianSource): string => mirror ?? mirrorOfMachine();

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

async function aptGet(args: string[], options: { env: NodeJS.ProcessEnv; cwd: string; maxBuffer: number }): Promise<void> {
  try {
    await run('apt-get', args, options);
  } catch (error) {
    const lines = outputOf(error).split('\n').filter((line) => /^[EW]:/.test(line));
    throw new Absent('the Debian mirror cannot be reached or lacks it', lines.slice(0, 5).join('\n'));
  }
}

/** How this machine reaches its mirror (proxy, certificates) holds for ours too. */
export async function machineAcquireSettings(): Promise<string> {
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
