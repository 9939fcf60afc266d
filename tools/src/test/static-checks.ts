import { run, type Counts } from './run-jest.ts';

type Show = (output: string) => void;

const counted = (code: number): Counts => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/** ESLint over everything, layers included; a warning is a failure. Cached by content. */
export async function runLint(show?: Show): Promise<Counts> {
  const args = ['--cache', '--cache-strategy', 'content', '--cache-location', '.nx/eslint-cache', '--max-warnings', '0', '.'];
  return counted(await run(process.execPath, ['node_modules/eslint/bin/eslint.js', ...args], {}, show ? { show } : {}));
}

/** The TypeScript compiler over everything, nothing emitted. */
export async function runTypes(show?: Show): Promise<Counts> {
  return counted(await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], {}, show ? { show } : {}));
}

/** Chart, Dockerfiles, compose file, workflows: `npm run check:deploy`. */
export async function runDeploy(): Promise<Counts> {
  return counted(await run(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', 'tools/src/check-deploy/main.ts']));
}

/** Begins both, one after the other, and keeps what they print until their result is asked for. */
export function runStatic(): { result(check: 'lint' | 'types'): Promise<Counts> } {
  const printed = { lint: '', types: '' };
  const lint = runLint((output) => void (printed.lint = output));
  const types = lint.then(() => runTypes((output) => void (printed.types = output)));
  return {
    async result(check) {
      const counts = await (check === 'lint' ? lint : types);
      process.stdout.write(printed[check]);
      return counts;
    },
  };
}
