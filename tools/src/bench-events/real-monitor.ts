import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../stack/child.ts';
import { desiredSchema } from '../stack/desired.ts';
import { ensureSecrets, homeAt, homeMark, readJson } from '../stack/home.ts';
import { serviceProcesses } from '../stack/service-processes.ts';

const READY_MS = 20_000;
const STOP_MS = 40_000;

/** The monitor as the stack starts it, with another PBX. */
export interface RealMonitor {
  pid: number;
  /** its metrics page */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** Whether it has the lease of its PBX, by its metrics page. */
export const publishes = (page: string): boolean => /^discador_ari_publishing\S* 1$/m.test(page);

/** Whether it hears its PBX, by its metrics page. */
export const listens = (page: string): boolean => /^discador_ari_connected\S* 1$/m.test(page);

/** @param homeDir  of a stack whose servers are up; @param ariUrl  of the PBX; @param replica  its number
 *  @param isReady  by its metrics page; that it publishes the events of the PBX when not given
 *  @returns once it is ready; @throws when it is not within 20 s */
export async function startMonitor(homeDir: string, ariUrl: string, replica = 1, isReady = publishes): Promise<RealMonitor> {
  const home = homeAt(homeDir);
  const desired = readJson(home.desiredFile, desiredSchema);
  if (!desired) throw new Error('no stack');
  const urls = { ...desired.urls, ari: ariUrl, ami: 'tcp://nobody:none@127.0.0.1:1' };
  const spec = serviceProcesses({ ...desired, urls, services: [{ name: 'ari-monitor', replicas: replica }] }, home, ensureSecrets(home), process.execPath).at(-1);
  if (!spec) throw new Error('the stack knows no monitor');
  const logFile = join(home.logDir, `${spec.id}.log`);
  let ended = false;
  const child = new Child(spec, logFile, homeMark(home.dir), () => (ended = true));
  const pid = child.identity?.pid ?? 0;
  const stopAtExit = (): void => child.stop(); // its session is its own: no signal that ends us reaches it
  process.once('exit', stopAtExit);
  const metrics = async (): Promise<string> => (await fetch(`http://${spec.env['HTTP_HOST']}:${spec.env['HTTP_PORT']}/metrics`)).text();
  const stop = async (): Promise<void> => {
    process.off('exit', stopAtExit);
    child.stop();
    for (const until = Date.now() + STOP_MS; !ended && Date.now() < until; ) await sleep(50);
  };
  for (const until = Date.now() + READY_MS; Date.now() < until && !ended; await sleep(100)) {
    if (isReady(await metrics().catch(() => ''))) return { pid, metrics, stop };
  }
  await stop();
  throw new Error(`the monitor does not get ready; its log ends:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
}

/** The sum of a counter over its labels. */
export function sumOf(page: string, metric: string): number {
  const pattern = new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'gm');
  return [...page.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** The largest share of real memory that a process has ever had, in MiB. */
export function peakMemoryMiB(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1_024);
}
