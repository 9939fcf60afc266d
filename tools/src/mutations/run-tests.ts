import { spawn, type SpawnOptions } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutation, TestKind } from './mutation.ts';
import type { JestReport } from './verdict.ts';

const literally = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export interface Run {
  /** the scratch copy */
  root: string;
  /** where the servers are, for kinds that need them */
  env: Record<string, string>;
  /** ends jest */
  signal: AbortSignal;
}

/** Runs the named tests of one kind, all in one jest.
 *  @param timeoutMs after which jest is killed
 *  @returns jest's report, or null when there is none */
export async function runTests({ root, env, signal }: Run, kind: TestKind, tests: Mutation['test'][], timeoutMs: number): Promise<JestReport | null> {
  const folder = mkdtempSync(join(tmpdir(), 'discador-jest-'));
  const outputFile = join(folder, 'report.json');
  const names = tests.map(({ name }) => name);
  const filter = names.every((name) => name !== null) ? ['--testNamePattern', names.map((name) => literally(name ?? '')).join('|')] : [];
  // What a timed-out test waits for keeps the process alive: it is ended as soon as the report is written.
  const args = ['--selectProjects', kind, '--json', `--outputFile=${outputFile}`, '--silent', '--forceExit', ...(kind === 'unit' ? [] : ['--runInBand']), ...filter];
  try {
    const options: SpawnOptions = { cwd: root, env: { ...process.env, ...env, FORCE_COLOR: '0' }, stdio: 'ignore', signal, timeout: timeoutMs, killSignal: 'SIGKILL' };
    await jest([...args, '--runTestsByPath', ...new Set(tests.map(({ path }) => path))], options);
    return existsSync(outputFile) ? (JSON.parse(readFileSync(outputFile, 'utf8')) as JestReport) : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function jest(args: string[], options: SpawnOptions): Promise<void> {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const child = spawn(process.execPath, [...flags, ...args], options);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}
