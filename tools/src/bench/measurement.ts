import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { REPO_ROOT } from '../stack/home.ts';

export interface Check {
  name: string;
  value: number;
  /** standard error of the value, where it is a mean over runs */
  error?: number;
  limit: string;
  ok: boolean;
}

/** What every measurement prints (contract 10). */
export interface Measurement {
  name: string;
  at: string;
  commit: string;
  dirty: boolean;
  seed: number;
  machine: { cpus: number; model: string; memoryGiB: number; kernel: string; node: string };
  baseline: object;
  result: object;
  ratio: Record<string, number>;
  checks: Check[];
  ok: boolean;
}

/** Puts a measurement together with what it was measured on. */
export function measurement(name: string, seed: number, parts: Pick<Measurement, 'baseline' | 'result' | 'ratio' | 'checks'>): Measurement {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: REPO_ROOT, encoding: 'utf8' }).trim();
  return {
    name,
    at: new Date().toISOString(),
    commit: git('rev-parse', 'HEAD'),
    dirty: git('status', '--porcelain', '--untracked-files=no') !== '',
    seed,
    machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', memoryGiB: Math.round(totalmem() / 2 ** 30), kernel: release(), node: process.version },
    ...parts,
    ok: parts.checks.every((check) => check.ok),
  };
}

export const atLeast = (name: string, value: number, limit: number): Check => ({ name, value, limit: `>= ${limit}`, ok: value >= limit });
export const atMost = (name: string, value: number, limit: number): Check => ({ name, value, limit: `<= ${limit}`, ok: value <= limit });

/** Writes the measurement where the caller wants it: a file, and JSON or a short text on stdout. */
export function deliver(made: Measurement, { json, out }: { json: boolean; out?: string }): void {
  if (out) writeFileSync(out, `${JSON.stringify(made, null, 2)}\n`);
  if (json) process.stdout.write(`${JSON.stringify(made)}\n`);
  else process.stdout.write(`${made.name}: ${made.checks.map((check) => `${check.ok ? '✓' : '✗'} ${check.name} ${valueOf(check)} (${check.limit})`).join('\n')}\n`);
}

/** A check's value, and what it owes to chance. */
export const valueOf = ({ value, error }: Check): string => (error === undefined ? String(value) : `${value} ± ${Number(error.toPrecision(2))}`);

/** Rounds to `digits` decimals. */
export const rounded = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits;
