import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BROKER, HOST } from './addresses.ts';
import type { Desired } from './desired.ts';
import { type Home, type Secrets, homeMark } from './home.ts';
import { outputOf } from './packages.ts';
import { asteriskArgv, pbxFiles } from './pbx-processes.ts';
import { OFFSET } from './port-block.ts';
import { type Report, step } from './report.ts';
import { rabbitmqEnvironment } from './server-processes.ts';
import { EXIT, StackError } from './stack-error.ts';

const run = promisify(execFile);

export type Account = { uid: number; gid: number };

/** The account for the servers: ours, except that root becomes `postgres` (PostgreSQL refuses root). */
export async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, 'postgres'])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  } catch {
    return null;
  }
}

/** The folder for the servers' data: in the home, unless their account cannot get there (a home below /root). */
export function dataDirFor(home: Home, account: Account | null, secrets: Secrets, report: Report): string {
  if (!account || canEnter(home.dir, account)) return makeDir(join(home.dir, 'data'), account);
  const outside = dataDirOutside(home, secrets);
  for (const name of readdirSync(OUTSIDE)) {
    const dir = join(OUTSIDE, name);
    if (name.startsWith(outsidePrefix(home)) && dir !== outside) rmSync(dir, { recursive: true, force: true });
  }
  if (!existsSync(outside)) report(`The account of the servers cannot enter ${home.dir}: their data goes to ${outside}`);
  return makeDir(outside, account);
}

const OUTSIDE = '/var/tmp';
const outsidePrefix = (home: Home): string => `discador-${homeMark(home.dir)}-`;

/** Where the data goes when it cannot be in the home. The secret in the name ties it to this home: one that was deleted and
 *  made anew gets new data. */
export const dataDirOutside = (home: Home, secrets: Secrets): string => join(OUTSIDE, `${outsidePrefix(home)}${secrets.postgres.slice(0, 8)}`);

const canEnter = (dir: string, account: Account): boolean => spawnSync('test', ['-x', dir], { ...account }).status === 0;

function makeDir(dir: string, account: Account | null): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (account) chownSync(dir, account.uid, account.gid);
  return dir;
}

/** Makes what our servers find at their start: data folders, the database cluster, the broker's configuration, the
 *  command-line wrappers. Changes nothing that is already right. */
export async function provision(desired: Desired, home: Home, secrets: Secrets, report: Report): Promise<void> {
  for (const name of desired.servers) makeDir(join(desired.dataDir, name), desired.runAs);
  if (desired.servers.includes('rabbitmq')) provisionRabbitmq(desired, home, secrets);
  for (let index = 1; index <= desired.pbx; index += 1) provisionPbx(desired, home, index);
  if (desired.servers.includes('postgres')) await provisionPostgres(desired, secrets, report);
}

async function provisionPostgres(desired: Desired, secrets: Secrets, report: Report): Promise<void> {
  const dir = join(desired.dataDir, 'postgres');
  if (existsSync(join(dir, 'PG_VERSION'))) return;
  const initdb = join(dirname(desired.programs.postgres ?? ''), 'initdb');
  const passwordFile = join(desired.dataDir, '.password');
  writeOwned(passwordFile, `${secrets.postgres}\n`, desired.runAs);
  const args = ['-D', dir, '-U', 'discador', '-E', 'UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true }); // an initdb that was cut off
    await step(report, 'creating the database cluster', () => run(initdb, args, { cwd: dir, ...(desired.runAs ?? {}) }));
  } catch (error) {
    throw new StackError('PostgreSQL could not create its database cluster', EXIT.failed, outputOf(error).trim());
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function provisionRabbitmq(desired: Desired, home: Home, secrets: Secrets): void {
  const dir = join(desired.dataDir, 'rabbitmq');
  const conf = `default_user = ${BROKER.user}
default_pass = ${BROKER.password}
default_user_tags.administrator = true
management.tcp.ip = ${HOST}
management.tcp.port = ${desired.portBase + OFFSET.amqpManagement}
log.file = false
log.console = true
log.console.level = warning
disk_free_limit.absolute = 100MB
`;
  writeOwned(join(dir, 'rabbitmq.conf'), conf, desired.runAs);
  writeOwned(join(dir, 'rabbitmq-env.conf'), '', desired.runAs);
  writeOwned(join(dir, 'enabled_plugins'), '[rabbitmq_management].\n', desired.runAs);
  if (!existsSync(join(dir, '.erlang.cookie'))) writeOwned(join(dir, '.erlang.cookie'), secrets.rabbitmqCookie, desired.runAs, 0o400);
  writeWrapper(rabbitmqctlWrapper(home), rabbitmqctlScript(desired));
}

function writeOwned(file: string, content: string, account: Account | null, mode = 0o600): void {
  writeFileSync(file, content, { mode });
  if (account) chownSync(file, account.uid, account.gid);
}

/** A program that calls rabbitmqctl for our node, whoever calls it from wherever. */
export const rabbitmqctlWrapper = (home: Home): string => join(home.binDir, 'rabbitmqctl');

/** A program that runs one command on the console of our PBX: `NAME 'core show channels'`, also with a leading -rx. */
export const asteriskWrapper = (home: Home, name: string): string => join(home.binDir, name);

function rabbitmqctlScript(desired: Desired): string {
  const settings = Object.entries(rabbitmqEnvironment(desired)).map(([name, value]) => quote(`${name}=${value}`));
  const { runAs } = desired;
  const account = runAs ? `setpriv --reuid=${runAs.uid} --regid=${runAs.gid} --clear-groups ` : '';
  return `#!/bin/sh
cd ${quote(join(desired.dataDir, 'rabbitmq'))} || exit 69
exec ${account}env ${settings.join(' ')} ${quote(join(dirname(desired.programs.rabbitmq ?? ''), 'rabbitmqctl'))} "$@"
`;
}

function provisionPbx(desired: Desired, home: Home, index: number): void {
  const name = `pbx${index}`;
  const argv = asteriskArgv(desired.asteriskRoot, pbxFiles(home, name).etcDir).map(quote).join(' ');
  mkdirSync(home.pbxDir(name), { recursive: true });
  writeWrapper(
    asteriskWrapper(home, name),
    `#!/bin/sh
case \${1-} in -rx | -x) shift ;; -r) shift; [ "\${1-}" != -x ] || shift ;; esac
[ $# -gt 0 ] || exec ${argv} -r
exec ${argv} -rx "$*"
`,
  );
}

function writeWrapper(file: string, content: string): void {
  writeFileSync(file, content);
  chmodSync(file, 0o755);
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
