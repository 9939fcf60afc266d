import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Programs, ServerName } from './desired.ts';
import { type Report, step } from './report.ts';
import { EXIT, StackError } from './stack-error.ts';

const run = promisify(execFile);
const INSTALL_SCRIPT = fileURLToPath(new URL('./install-packages.sh', import.meta.url));

const SERVERS: Record<ServerName, { title: string; package: string; variable: string; example: string }> = {
  postgres: { title: 'PostgreSQL', package: 'postgresql', variable: 'DATABASE_URL', example: 'postgres://user:password@host:5432/discador' },
  redis: { title: 'Redis', package: 'redis-server', variable: 'REDIS_URL', example: 'redis://host:6379' },
  rabbitmq: { title: 'RabbitMQ', package: 'rabbitmq-server', variable: 'AMQP_URL', example: 'amqp://user:password@host:5672' },
};

/** Finds the programs of the servers and installs the Debian packages of those that are missing.
 *  @returns absolute paths
 *  @throws StackError (69) in one sentence: what is missing and how to give it by its URL */
export async function ensurePrograms(servers: ServerName[], report: Report): Promise<Programs> {
  const missing = servers.filter((name) => !isInstalled(name, findPrograms()));
  if (missing.length > 0) {
    const names = missing.map((name) => SERVERS[name].package);
    await step(report, `installing ${names.join(', ')} from the Debian packages`, () => install(missing));
  }
  const found = findPrograms();
  const still = servers.filter((name) => !isInstalled(name, found));
  if (still.length > 0) throw absent(still, 'its packages brought no program that could be found');
  return found;
}

const isInstalled = (name: ServerName, programs: Programs): boolean =>
  Boolean(programs[name]) && (name !== 'rabbitmq' || Boolean(programs.epmd));

function findPrograms(): Programs {
  return {
    postgres: findPostgres(),
    redis: onPath('redis-server'),
    // Debian's program of this name on the PATH changes user and needs root; this one does not.
    rabbitmq: existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server') ? '/usr/lib/rabbitmq/bin/rabbitmq-server' : undefined,
    epmd: onPath('epmd'),
  };
}

/** Debian keeps each major version apart and none on the PATH. */
function findPostgres(): string | undefined {
  const versions = '/usr/lib/postgresql';
  const newestFirst = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  const found = newestFirst.map((version) => join(versions, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')));
  return found && join(found, 'postgres');
}

/** @returns the absolute path of a program of the machine, undefined when it is not installed */
export function onPath(program: string): string | undefined {
  const candidates = ['/usr/bin', '/usr/local/bin', '/usr/sbin', '/bin'].map((dir) => join(dir, program));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function install(missing: ServerName[]): Promise<void> {
  const failure = await installPackages(missing.map((name) => SERVERS[name].package));
  if (failure) throw absent(missing, failure.why, failure.details);
}

/** Installs Debian packages, as root or through sudo, so that nothing they bring starts by itself.
 *  @returns why it could not be done, or null */
export async function installPackages(packages: string[]): Promise<{ why: string; details: string } | null> {
  if (!existsSync('/usr/bin/apt-get')) return { why: 'this is not a Debian-family machine', details: '' };
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length > 0 && !(await succeeds('sudo', ['-n', 'true']))) return { why: 'installing it needs root or sudo without a password', details: '' };
  const [program = 'sh', ...args] = [...asRoot, 'sh', INSTALL_SCRIPT, ...packages];
  try {
    await run(program, args, { maxBuffer: 64 << 20 });
    return null;
  } catch (error) {
    const output = outputOf(error);
    if (/Temporary failure|Could not resolve|Could not connect|Unable to connect|Network is unreachable|Failed to fetch/.test(output)) {
      return { why: 'the Debian mirror cannot be reached', details: '' };
    }
    return { why: 'its packages could not be installed', details: output.trim().split('\n').slice(-15).join('\n') };
  }
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  );
}

/** What a failed program wrote. */
export function outputOf(error: unknown): string {
  const { stdout = '', stderr = '', message = '' } = error as { stdout?: string; stderr?: string; message?: string };
  return stdout || stderr ? `${stdout}${stderr}` : message;
}

function absent(names: ServerName[], why: string, details = ''): StackError {
  const titles = names.map((name) => SERVERS[name].title).join(', ');
  const urls = names.map((name) => `${SERVERS[name].variable}=${SERVERS[name].example}`).join(' ');
  return new StackError(`${titles} missing, and ${why}: install it or give a running one with ${urls}`, EXIT.away, details);
}
