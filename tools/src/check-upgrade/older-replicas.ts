import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from '../stack/addresses.ts';
import type { StackStatus } from '../stack/stack.ts';

/** A service of the older commit that runs beside the stack's. */
export interface OlderReplica {
  name: string;
  healthUrl: string;
  process: ChildProcess;
}

/** A service of the stack, and what it was started with. */
export type Present = StackStatus['services'][number] & { env: Record<string, string> };

/** The services of the stack, while they run. */
export function presentOf({ services }: StackStatus): Present[] {
  return services.map((one) => {
    const lines = readFileSync(`/proc/${one.pid}/environ`, 'utf8').split('\0').filter(Boolean);
    return { ...one, env: Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])) };
  });
}

/** Starts the older build of a service as the stack runs, or ran, its present one: same servers, same PBXs, a name of its own.
 *  @param port its own when it runs beside the present one; the present one's when it takes its place */
export function startOlder(dir: string, present: Present, logDir: string, port = Number(present.env.HTTP_PORT)): OlderReplica {
  const replica = `older-${present.replica}`;
  const env = { ...present.env, HTTP_PORT: String(port), REPLICA: replica, SPOOL_DIR: join(dir, '.discador', `spool-${present.name}-${replica}`) };
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
