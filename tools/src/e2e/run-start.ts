import { spawn } from 'node:child_process';
import type { RunResult } from '../start/report.ts';
import { inheritedEnvironment } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { eventually } from './system.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** the last line on stdout */
  result: RunResult;
}

export interface StartRun {
  /** Resolves with the first group of `pattern` as soon as it is on stderr. */
  said(pattern: RegExp): Promise<string>;
  ended: Promise<Ended>;
}

/** `npm start -- --exit --json …` as a user runs it without a terminal, in the shape that the tests share. */
export function runStart(args: string[]): StartRun {
  // Where these are set, colours are wanted without a terminal too.
  const env = { ...inheritedEnvironment(), CI: undefined, FORCE_COLOR: undefined };
  const child = spawn('npm', ['start', '--', '--exit', '--json', '--masters', '2', '--workers', '3', ...args], { cwd: REPO_ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      try {
        resolve({ code, stdout, stderr, result: JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as RunResult });
      } catch {
        reject(new Error(`npm start ended with ${code} and without a result:\n${stderr}`));
      }
    });
  });
  const said = (pattern: RegExp): Promise<string> =>
    Promise.race([ended.then(() => Promise.reject(new Error(`npm start ended and never said ${pattern}`))), eventually(`npm start says ${pattern}`, () => pattern.exec(stderr)?.[1], 60_000)]);
  return { said, ended };
}

/** The output without the lines that npm itself puts before a script's. */
export const withoutNpmBanner = (stdout: string): string[] => stdout.split('\n').filter((line) => line !== '' && !line.startsWith('> '));
