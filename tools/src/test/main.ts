import { readConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import type { UpOptions } from '../stack/stack.ts';
import { addCounts, lanesFor, runLanes } from './lanes.ts';
import { leaveOnSignals, leaving } from './leaving.ts';
import { runDeploy, runLint, runStatic, runTypes } from './static-checks.ts';
import { runJest, type Counts } from './run-jest.ts';
import { prepareTestStacks, withTestStack } from './test-stack.ts';

const STAGES = ['unit', 'lint', 'types', 'deploy', 'it', 'e2e'] as const;
type Stage = (typeof STAGES)[number];
const INTERRUPTED = 130;
const GROUPS: Record<string, readonly Stage[]> = { static: ['lint', 'types'] };

/** Reads the stages wanted from the command line: names of stages or groups; what follows `--` is jest's. */
function parse(args: string[]): { stages: Stage[]; jest: string[] } {
  const cut = args.indexOf('--');
  const names = cut < 0 ? args : args.slice(0, cut);
  const stages = names.flatMap((name) => {
    const group = GROUPS[name] ?? STAGES.filter((stage) => stage === name);
    if (group.length === 0) throw new StackError(`there is no test stage ${name}: ${[...STAGES, ...Object.keys(GROUPS)].join(', ')}`, EXIT.usage);
    return group;
  });
  const wanted = STAGES.filter((stage) => stages.length === 0 || stages.includes(stage));
  return { stages: wanted, jest: cut < 0 ? [] : args.slice(cut + 1) };
}

const runners: Record<Stage, (jest: string[]) => Promise<Counts>> = {
  unit: (jest) => runJest('unit', jest, {}),
  lint: () => runLint(),
  types: () => runTypes(),
  deploy: () => runDeploy(),
  it: (jest) => onStacks('it', { serversOnly: true }, jest),
  e2e: (jest) => onStacks('e2e', null, jest),
};

async function onStacks(kind: 'it' | 'e2e', options: UpOptions | null, jestArgs: string[]): Promise<Counts> {
  await prepareTestStacks();
  return runLanes(lanesFor(kind, jestArgs, readConfig()), ({ number, jest }) => withTestStack(number, options, (env) => runJest(kind, ['--runInBand', ...jest], env)));
}

async function main(): Promise<void> {
  process.chdir(REPO_ROOT);
  const { stages, jest } = parse(process.argv.slice(2));
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  // Lint and types keep one core busy while the unit tests run on the other; what they print waits for its turn.
  const early = stages.includes('unit') && stages.includes('lint') ? runStatic() : null;
  for (const stage of stages) {
    const began = Date.now();
    process.stdout.write(`── ${stage} ──\n`);
    const counts = await (early && (stage === 'lint' || stage === 'types') ? early.result(stage) : runners[stage](jest));
    leaving.throwIfAborted();
    addCounts(total, counts);
    process.stdout.write(`── ${stage}: ${counts.passed} passed, ${counts.failed} failed (${((Date.now() - began) / 1000).toFixed(1)} s)\n\n`);
  }
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`);
  if (total.failed > 0 || total.passed === 0) process.exitCode = EXIT.failed;
  else if (total.skipped > 0) process.exitCode = EXIT.skipped;
}

runAsMain(import.meta.url, () => {
  leaveOnSignals();
  return main().catch((error: unknown) => {
    if (!leaving.aborted) throw error;
    process.exitCode = INTERRUPTED;
  });
});
