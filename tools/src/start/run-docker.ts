import { spawn } from 'node:child_process';
import { dialDemo, type Compose } from '../check-images/run-compose.ts';
import { inheritedEnvironment } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { step, type Report } from '../stack/report.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import type { RunResult } from './report.ts';

const FILE = ['compose', '--file', 'docker/compose.yaml'];
const READY_SEC = 300;

/** Runs the machine's own `docker`; what it tells goes to stderr, what it gives is returned.
 *  @throws StackError with its code */
function docker(args: readonly string[], quiet = false): Promise<string> {
  const child = spawn('docker', args, { cwd: REPO_ROOT, env: inheritedEnvironment(), stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new StackError(`docker ${args.join(' ')} ended with ${code}`, EXIT.failed, output.slice(-3000)))));
  });
}

const compose: Compose = (...args) => docker([...FILE, ...args]);

/** Ends the containers; volumes stay. */
export const dockerDown = (report: Report): Promise<void> => step(report, 'containers stopped', async () => void (await compose('--profile', 'demo', 'down')));

/** `npm start -- --docker`: everything in containers, by docker/compose.yaml, and the demo campaign in them.
 *  @throws StackError (69) where there is no Docker engine with compose */
export async function runInDocker(report: Report): Promise<RunResult> {
  await docker(['version'], true).catch(() => {
    throw new StackError('--docker needs a Docker engine that runs, and the command docker: without --docker everything runs without it.', EXIT.away);
  });
  await docker(['compose', 'version'], true).catch(() => {
    throw new StackError('--docker needs Docker’s plugin compose (version 2.20 or later).', EXIT.away);
  });
  await step(report, 'images built, every service healthy', () => compose('up', '--build', '--wait', '--wait-timeout', String(READY_SEC)));
  const began = performance.now();
  const { campaignId, rejected, contacts, attempts, ledger } = await dialDemo(compose);
  const { completed = 0, failed = 0 } = contacts.byStatus;
  const unaccounted = contacts.total - completed - failed + ledger.open;
  return {
    ok: ledger.mismatches.length === 0 && ledger.duplicates.length === 0 && unaccounted === 0,
    campaignId,
    seconds: Math.round((performance.now() - began) / 100) / 10,
    contacts: { imported: contacts.total, rejected, byStatus: contacts.byStatus },
    attempts,
    pbx: { calls: ledger.calls, matched: ledger.matched, mismatched: ledger.mismatches.length },
    duplicates: ledger.duplicates.length,
    inDoubt: ledger.inDoubt,
    unaccounted,
  };
}
