import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

/** Runs one kind of test in a process of its own.
 *  @param env what the tests are given beside the caller's environment
 *  @returns counts; a suite that could not even be loaded counts as one failure */
export async function runJest(kind: string, args: string[], env: Record<string, string>): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'discador-jest-'));
  const outputFile = join(folder, 'report.json');
  try {
    const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', kind, '--json', `--outputFile=${outputFile}`, ...args];
    await run(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...jest], env);
    const report = JSON.parse(readFileSync(outputFile, 'utf8')) as JestReport;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch (error) {
    process.stdout.write(`jest gave no report: ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program with our output as its own; the JSON that jest also prints to stdout is left out.
 *  @param show takes what it prints, once it has ended, instead of our output
 *  @returns its exit code */
export function run(program: string, args: string[], env: Record<string, string> = {}, show?: (output: string) => void): Promise<number> {
  const stdout = args.includes('--json') ? 'ignore' : show ? 'pipe' : 'inherit';
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', stdout, show ? 'pipe' : 'inherit'] });
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
