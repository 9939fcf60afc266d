import { REPO_ROOT } from '../stack/home.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import { runDeploy, runLint, runStatic, runTypes } from './static-checks.ts';
import { runJest, type Counts } from './run-jest.ts';
import { withTestStack } from './test-stack.ts';

const STAGES = ['unit', 'lint', 'types', 'deploy', 'it', 'e2e'] as const;
type Stage = (typeof STAGES)[number];
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
  it: (jest) => withTestStack({ serversOnly: true }, (env) => runJest('it', ['--runInBand', ...jest], env)),
  e2e: (jest) => withTestStack(null, (env) => runJest('e2e', ['--runInBand', ...jest], env)),
};

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
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    process.stdout.write(`── ${stage}: ${counts.passed} passed, ${counts.failed} failed (${((Date.now() - began) / 1000).toFixed(1)} s)\n\n`);
  }
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`);
  if (total.failed > 0 || total.passed === 0) process.exitCode = EXIT.failed;
  else if (total.skipped > 0) process.exitCode = EXIT.skipped;
}

runAsMain(import.meta.url, main);
