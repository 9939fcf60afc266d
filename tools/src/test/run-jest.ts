import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signal } from '../stack/processes.ts';
import { leaving } from './leaving.ts';

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

export interface JestOptions {
  /** how long jest may live after its report */
  endMs?: number;
  /** the program to run in jest's place */
  program?: string;
  say?: (line: string) => void;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs one kind of test in a process of its own.
 *  @param env what the tests are given beside the caller's environment
 *  @returns counts; a suite that could not even be loaded counts as one failure, as does something that a test has left open
 *  @throws when we were told to end */
export async function runJest(kind: string, args: string[], env: Record<string, string>, { endMs = END_MS, program = 'node_modules/jest/bin/jest.js', say = print }: JestOptions = {}): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'discador-jest-'));
  const outputFile = join(folder, 'report.json');
  const overdue = watchEnd(outputFile, endMs);
  try {
    const jest = [program, '--selectProjects', kind, '--json', `--outputFile=${outputFile}`, ...args];
    await run(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...jest], env, { killedBy: overdue.signal });
    leaving.throwIfAborted();
    const report = JSON.parse(readFileSync(outputFile, 'utf8')) as JestReport;
    if (overdue.signal.aborted) say('✗ jest did not end: a test has left something open (--detectOpenHandles tells what)');
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites + (overdue.signal.aborted ? 1 : 0),
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch (error) {
    leaving.throwIfAborted();
    say(`jest gave no report: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    overdue.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns a signal that comes when the report has been there for `endMs` */
function watchEnd(outputFile: string, endMs: number): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const look = setInterval(() => {
    const madeAt = statSync(outputFile, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - madeAt >= endMs) controller.abort();
  }, endMs / 20);
  return { signal: controller.signal, stop: () => clearInterval(look) };
}

export interface RunOptions {
  /** takes what the program prints, once it has ended, instead of our output */
  show?: (output: string) => void;
  killedBy?: AbortSignal;
}

/** Runs a program with our output as its own; the JSON that jest also prints to stdout is left out. It is killed, with all that it has started, by
 *  `killedBy` and when we are told to end.
 *  @returns its exit code; 1 when it was killed, or not even begun */
export async function run(program: string, args: string[], env: Record<string, string> = {}, { show, killedBy }: RunOptions = {}): Promise<number> {
  if (leaving.aborted) return 1;
  const stdout = args.includes('--json') ? 'ignore' : show ? 'pipe' : 'inherit';
  const child = spawn(program, args, { env: { ...process.env, ...env }, detached: true, stdio: ['ignore', stdout, show ? 'pipe' : 'inherit'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const kill = (): void => void (child.pid && signal(-child.pid, 'SIGKILL'));
  const killers = [leaving, ...(killedBy ? [killedBy] : [])];
  for (const killer of killers) killer.addEventListener('abort', kill);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      show?.(output);
      resolve(code ?? 1);
    });
  }).finally(() => {
    for (const killer of killers) killer.removeEventListener('abort', kill);
  });
}
