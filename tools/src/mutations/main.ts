import Table from 'cli-table3';
import { Command } from 'commander';
import { join } from 'node:path';
import pc from 'picocolors';
import { REPO_ROOT } from '../stack/home.ts';
import { reportToStderr, step } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { Bench } from './bench.ts';
import { readMutations, type Mutation, type TestKind } from './mutation.ts';
import { judgeBaseline, judgeMutated, type Verdict } from './verdict.ts';

interface Options {
  only?: string;
  json: boolean;
}

export interface Result extends Verdict {
  mutation: Mutation;
  seconds: number;
}

const PATCHES = join(REPO_ROOT, 'tools', 'mutations');
const KINDS: readonly TestKind[] = ['unit', 'it', 'e2e'];
/** A mutated test that waits for what never comes ends by its own time limit, long before this. */
const ONE_TEST_MS = { unit: 60_000, it: 120_000, e2e: 600_000 };
const BASELINE_MS = 1_200_000;
const INTERRUPTED = 130;

function readOptions(): Options {
  return new Command('npm run mutations --')
    .description('Takes each guard away on purpose (tools/mutations/*.patch) and fails if its test stays green')
    .option('--only <text>', 'only the patches of a kind of test (unit, it, e2e), or whose name, guard or test contains this')
    .option('--json', 'print JSON', false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
    .parse()
    .opts<Options>();
}

async function main(): Promise<void> {
  const { only, json } = readOptions();
  const mutations = readMutations(PATCHES, only);
  const bench = new Bench();
  const end = (): void => void bench.leave().finally(() => process.exit(INTERRUPTED));
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    const results: Result[] = [];
    for (const kind of KINDS) results.push(...(await tryAll(bench, kind, mutations.filter(({ test }) => test.kind === kind))));
    process.stdout.write(json ? `${JSON.stringify(results)}\n` : tableOf(results));
    process.exitCode = results.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
  } finally {
    await bench.leave();
  }
}

async function tryAll(bench: Bench, kind: TestKind, mutations: Mutation[]): Promise<Result[]> {
  if (mutations.length === 0) return [];
  await step(reportToStderr, `what ${kind} tests need`, () => bench.bringUp(kind));
  const baseline = await step(reportToStderr, `${kind}: the tests without any patch`, () => bench.run(kind, mutations.map(({ test }) => test), BASELINE_MS));
  const results: Result[] = [];
  for (const mutation of mutations) {
    const began = performance.now();
    const before = judgeBaseline(baseline, mutation.test);
    const verdict = before.ok ? await bench.withPatch(mutation, () => tryOne(bench, mutation)) : before;
    const result = { mutation, ...verdict, seconds: (performance.now() - began) / 1000 };
    reportToStderr(`${verdict.ok ? '✓' : '✗'} ${mutation.name}: ${told(result)}`);
    results.push(result);
  }
  return results;
}

async function tryOne(bench: Bench, { test }: Mutation): Promise<Verdict> {
  const verdict = judgeMutated(await bench.run(test.kind, [test], ONE_TEST_MS[test.kind]), test);
  if (verdict.ok && !(await bench.isSound(test.kind))) return { ok: false, says: 'a server is away, which proves nothing' };
  return verdict;
}

const told = ({ ok, says, seconds }: Result): string => (ok ? `${says} in ${seconds.toFixed(1)} s` : says);

function tableOf(results: Result[]): string {
  const table = new Table({ head: ['guard', 'test', 'with the patch'], style: { head: [], border: [], compact: true }, colWidths: [50, 62, 32], wordWrap: true });
  for (const result of results) {
    const { guard, test } = result.mutation;
    table.push([guard, `${test.path}${test.name === null ? '' : ` -t ${test.name}`}`, (result.ok ? pc.green : pc.red)(told(result))]);
  }
  const held = results.filter(({ ok }) => ok).length;
  return `${table.toString()}\n${held} of ${results.length} guards are held by their test\n`;
}

runAsMain(import.meta.url, main);
