import { run, type Counts } from './run-jest.ts';

const counted = (code: number): Counts => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

/** ESLint over everything, layers included; a warning is a failure. Cached by content. */
export async function runLint(): Promise<Counts> {
  const args = ['--cache', '--cache-strategy', 'content', '--cache-location', '.nx/eslint-cache', '--max-warnings', '0', '.'];
  return counted(await run(process.execPath, ['node_modules/eslint/bin/eslint.js', ...args]));
}

/** The TypeScript compiler over everything, nothing emitted. */
export async function runTypes(): Promise<Counts> {
  return counted(await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.']));
}
