import { spawn } from 'node:child_process';
import { dialDemo, type Compose } from '../check-images/run-compose.ts';
import { inheritedEnvironment } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { signal } from '../stack/processes.ts';
import { step, type Report } from '../stack/report.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import { reportText, resultOf, type RunResult } from './report.ts';

const FILE = ['compose', '--file', 'docker/compose.yaml'];
const READY_SEC = 300;

/** Runs the machine's own `docker`; what it tells goes to stderr, what it gives is returned. On `interrupt` it is asked to end.
 *  @throws StackError with its code */
async function docker(args: readonly string[], { quiet = false, interrupt }: { quiet?: boolean; interrupt?: AbortSignal } = {}): Promise<string> {
  interrupt?.throwIfAborted();
  // In a group of its own, which hears of Ctrl-C from us alone: an impatient second one would end the cleaning up.
  const child = spawn('docker', args, { cwd: REPO_ROOT, env: inheritedEnvironment(), stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'], detached: true });
  const end = (): void => void (child.pid && signal(-child.pid, 'SIGINT'));
  interrupt?.addEventListener('abort', end);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => void child.on('error', reject).on('close', resolve));
  const code = await ended.finally(() => interrupt?.removeEventListener('abort', end));
  if (code !== 0) throw new StackError(`docker ${args.slice(0, 6).join(' ')} ended with ${code}`, EXIT.failed, output.slice(-3000));
  return output;
}

/** @throws StackError (69) where there is no Docker engine with compose */
export async function needDocker(): Promise<void> {
  await docker(['version'], { quiet: true }).catch(() => {
    throw new StackError('--docker needs a Docker engine that runs, and the command docker: without --docker everything runs without it.', EXIT.away);
  });
  await docker(['compose', 'version'], { quiet: true }).catch(() => {
    throw new StackError('--docker needs Docker’s plugin compose (version 2.20 or later).', EXIT.away);
  });
}

/** @returns host and port at which the API answers: which port that is, the environment and compose's own files may say */
export async function gatewayAddress(interrupt: AbortSignal): Promise<string> {
  return (await docker([...FILE, 'port', 'gateway', '3000'], { interrupt })).trim();
}

/** Ends the containers; volumes stay. @returns whether that went well: it does not throw, for the run's own failure matters more */
export function dockerDown(report: Report): Promise<boolean> {
  const down = [...FILE, '--profile', 'demo', 'down'];
  return step(report, 'containers stopped', () => docker(down)).then(() => true, () => {
    report(`Containers may still run: docker ${down.join(' ')}`);
    return false;
  });
}

/** `npm start -- --docker`: everything in containers, by docker/compose.yaml, and the demo campaign in them.
 *  @throws StackError when something fails or `interrupt` comes; the containers are left to `dockerDown` */
export async function runInDocker(report: Report, interrupt: AbortSignal): Promise<RunResult> {
  const compose: Compose = (...args) => docker([...FILE, ...args], { interrupt });
  try {
    await step(report, 'images built, every service healthy', () => compose('up', '--build', '--wait', '--wait-timeout', String(READY_SEC)));
    const began = performance.now();
    const { campaignId, rejected, contacts, attempts, ledger } = await dialDemo(compose);
    const check = { ...ledger, contactsByStatus: contacts.byStatus, byDisposition: attempts.byDisposition, attempts: attempts.total };
    const result = resultOf({ campaignId, seconds: (performance.now() - began) / 1000, imported: contacts.total, rejected }, check);
    report(reportText(result, check));
    return result;
  } catch (error) {
    // They go with the containers.
    if (!interrupt.aborted) report((await compose('logs', '--tail', '10', '--no-color').catch(() => '')).trimEnd());
    throw error;
  }
}
