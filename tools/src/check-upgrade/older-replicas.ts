import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../e2e/service-child.ts';
import { HOST } from '../stack/addresses.ts';
import type { StackStatus } from '../stack/stack.ts';

/** A service of the older commit that runs beside the stack's. */
export interface OlderReplica {
  name: string;
  healthUrl: string;
  process: ChildProcess;
}

/** What a service of the stack was started with. */
function environmentOf(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Starts the older build of a service as the stack runs its present one: same servers, same PBXs, a port and a name of its own. */
export async function startOlder(dir: string, present: StackStatus['services'][number], logDir: string): Promise<OlderReplica> {
  const port = await freePort();
  const replica = `older-${present.replica}`;
  const env = { ...environmentOf(present.pid ?? 0), HTTP_PORT: String(port), REPLICA: replica, SPOOL_DIR: join(dir, '.discador', `spool-${present.name}-${replica}`) };
  const log = openSync(join(logDir, `${present.name}-${replica}.log`), 'w');
  const child = spawn(process.execPath, ['--enable-source-maps', `apps/${present.name}/dist/main.js`], { cwd: dir, env, stdio: ['ignore', log, log] });
  closeSync(log);
  return { name: `${present.name} ${replica}`, healthUrl: `http://${HOST}:${port}/health/ready`, process: child };
}

/** Ends a replica by SIGTERM. @returns its exit code */
export async function endOlder({ process: child }: OlderReplica): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}
