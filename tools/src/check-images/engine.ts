import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { REPO_ROOT } from '../stack/home.ts';
import type { DebianSource } from '../stack/private-apt.ts';
import type { Report } from '../stack/report.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import { argvBelow } from '../stack/unpack-debian.ts';
import { debianTree } from './debian-tree.ts';

const run = promisify(execFile);
const START_MS = 60_000;
const STOP_MS = 60_000;
const MAX_OUTPUT = 256 << 20;
/** One root for the engine alone: it mounts, and nothing of that is seen outside. What it shares with the machine has the same path on both sides:
 *  the repository, for compose's bind mounts, and its own folder. */
const INTO_ITS_ROOT = `set -e
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
cd "$ROOT"
for part in proc sys dev; do mount --rbind "/$part" "$part"; done
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mkdir run/old
for folder in "$REPO" "$HOME_DIR"; do mkdir -p ".$folder"; mount --bind "$folder" ".$folder"; done
cp /etc/resolv.conf etc/
cp -r /etc/ssl etc/
pivot_root . run/old
cd /
exec "$@"`;

/** A Docker engine of our own, started for a while. */
export interface Engine {
  version: string;
  /** Runs `docker …`. @returns its stdout; @throws what it said */
  docker(args: readonly string[], input?: NodeJS.ReadableStream): Promise<string>;
  /** Runs `docker compose …`. */
  compose(args: readonly string[], env?: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }>;
  stop(): Promise<void>;
}

/** Why no engine can be started here; null when it can. */
export function whyNoEngine(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is started on Linux for x86-64 only';
  if (process.getuid?.() !== 0) return 'a Docker engine is started by root only';
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const SYS_ADMIN = 1n << 21n;
  return (BigInt(`0x${capabilities}`) & SYS_ADMIN) === 0n ? 'this root may not mount (CAP_SYS_ADMIN is missing)' : null;
}

/** Starts Debian's Docker engine from unpacked packages, with its data and socket in `dir`, without touching the machine's firewall.
 *  @throws StackError (3) where it does not come up */
export async function startEngine(source: DebianSource, dir: string, report: Report): Promise<Engine> {
  const root = await debianTree(source, 'docker.io', ['docker.io', 'docker-cli', 'docker-compose', 'iptables', 'coreutils', 'kmod'], report);
  for (const folder of ['data', 'exec', 'client']) mkdirSync(join(dir, folder), { recursive: true });
  const socket = join(dir, 'docker.sock');
  const log = join(dir, 'dockerd.log');
  rmSync(join(dir, 'docker.pid'), { force: true });
  // Without rules of its own in the machine's firewall containers reach each other over their bridge, and the machine over published ports; not the world.
  const options = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', `--data-root=${join(dir, 'data')}`, `--exec-root=${join(dir, 'exec')}`, `--pidfile=${join(dir, 'docker.pid')}`, `--host=unix://${socket}`];
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ROOT: root, REPO: REPO_ROOT, HOME_DIR: dir, SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' };
  const out = openSync(log, 'w');
  const daemon = spawn('setpriv', ['--pdeathsig', 'TERM', 'unshare', '--mount', 'sh', '-c', INTO_ITS_ROOT, 'dockerd', '/usr/sbin/dockerd', ...options], { env, stdio: ['ignore', out, out] });
  closeSync(out);
  const clientEnv = { PATH: '/usr/bin:/bin', HOME: join(dir, 'client'), DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '0', COMPOSE_BAKE: 'false' };
  const docker = async (args: readonly string[], input?: NodeJS.ReadableStream): Promise<string> => {
    const [program = '', ...rest] = argvBelow(root, 'usr/bin/docker', ...args);
    const child = run(program, rest, { env: clientEnv, maxBuffer: MAX_OUTPUT, cwd: REPO_ROOT });
    if (input && child.child.stdin) input.pipe(child.child.stdin);
    return (await child).stdout.trim();
  };
  const compose: Engine['compose'] = async (args, extra = {}) => {
    const [program = '', ...rest] = argvBelow(root, 'usr/libexec/docker/cli-plugins/docker-compose', ...args);
    const answer = await run(program, rest, { env: { ...clientEnv, ...extra }, maxBuffer: MAX_OUTPUT, cwd: REPO_ROOT }).catch((error: { code?: unknown; stdout?: string; stderr?: string }) => error);
    const { code = 0, stdout = '', stderr = '' } = answer as { code?: number; stdout?: string; stderr?: string };
    return { code, stdout, stderr };
  };
  const stop = () => stopDaemon(daemon);
  try {
    return { version: await untilUp(daemon, () => docker(['version', '--format', '{{.Server.Version}}'])), docker, compose, stop };
  } catch (error) {
    await stop();
    throw new StackError(`The Docker engine does not start here: ${error instanceof Error ? error.message : String(error)}`, EXIT.skipped, readFileSync(log, 'utf8').split('\n').slice(-15).join('\n'));
  }
}

async function untilUp(daemon: ChildProcess, ask: () => Promise<string>): Promise<string> {
  const end = performance.now() + START_MS;
  for (;;) {
    const version = await ask().catch(() => null);
    if (version) return version;
    if (daemon.exitCode !== null || daemon.signalCode !== null) throw new Error('it ended');
    if (performance.now() > end) throw new Error(`no answer within ${START_MS / 1000} s`);
    await sleep(300);
  }
}

async function stopDaemon(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill('SIGTERM');
  const late = setTimeout(() => daemon.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}
