import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { EXIT, StackError } from './stack-error.ts';

/** Runs `main` when the module at `moduleUrl` is the program itself; a StackError becomes its sentence and exit code. */
export function runAsMain(moduleUrl: string, main: () => Promise<void>): void {
  const program = process.argv[1];
  if (!program || pathToFileURL(realpathSync(program)).href !== moduleUrl) return;
  main().catch((error: unknown) => {
    process.exitCode = tellError(error);
  });
}

function tellError(error: unknown): number {
  if (!(error instanceof StackError)) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT.failed;
  }
  if (error.details) process.stderr.write(`${error.details}\n`);
  process.stderr.write(`${error.message}\n`);
  return error.exitCode;
}
