import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
  numTotalTests: number;
}

/** After its report jest has nothing left to do but what a test has left open. */
const END_MS = 20_000;

/** Runs one kind of test in a process of its own.
 *  @param env what the tests are given beside the caller's environment
 *  @returns counts; a suite that could not even be loaded counts as one failure, as does something that a test has left open */
export async function runJest(kind: string, args: string[], env: Record<string, string>): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'discador-jest-'));
  const outputFile = join(folder, 'report.json');
  try {
    const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', kind, '--json', `--outputFile=${outputFile}`, ...args];
    const ended = run(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...jest], env, { killedBy: overdue(outputFile) });
    const leftOpen = await ended.then(() => 0, onOverdue);
    const report = JSON.parse(readFileSync(outputFile, 'utf8')) as JestReport;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites + leftOpen,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch (error) {
    process.stdout.write(`jest gave no report: ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns a signal that comes when the report has been there for some time */
function overdue(outputFile: string): AbortSignal {
  const controller = new AbortController();
  const look = setInterval(() => {
    const madeAt = statSync(outputFile, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - madeAt < END_MS) return;
    clearInterval(look);
    controller.abort();
  }, 1_000).unref();
  return controller.signal;
}

/** @returns one failure; @throws any other error */
function onOverdue(error: Error): number {
  if (error.name !== 'AbortError') throw error;
  process.stdout.write('✗ jest did not end: a test has left something open (--detectOpenHandles tells what)\n');
  return 1;
}

export interface RunOptions {
  /** takes what the program prints, once it has ended, instead of our output */
  show?: (output: string) => void;
  killedBy?: AbortSignal;
}

/** Runs a program with our output as its own; the JSON that jest also prints to stdout is left out.
 *  @returns its exit code; @throws AbortError when it was killed by the signal */
export function run(program: string, args: string[], env: Record<string, string> = {}, { show, killedBy }: RunOptions = {}): Promise<number> {
  const stdout = args.includes('--json') ? 'ignore' : show ? 'pipe' : 'inherit';
  const options = { env: { ...process.env, ...env }, ...(killedBy ? { signal: killedBy, killSignal: 'SIGKILL' as const } : {}) };
  const child = spawn(program, args, { ...options, stdio: ['ignore', stdout, show ? 'pipe' : 'inherit'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      show?.(output);
      resolve(code ?? 1);
    });
  });
}
