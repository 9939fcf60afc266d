import { DiscadorError, type ErrorCode } from '@discador/contracts/discador-error';
import { CommanderError } from 'commander';
import { EXIT, type CommandIo } from './command-io.ts';
import { createProgram } from './program.ts';

const EXIT_OF: Partial<Record<ErrorCode, number>> = { configuration: EXIT.config, invalid_input: EXIT.usage };

/** Runs one command. @returns the exit code */
async function run(argv: string[], io: CommandIo): Promise<number> {
  let code: number = EXIT.ok;
  try {
    await createProgram(io, (ended) => (code = ended)).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // has told it already
    const known = error instanceof DiscadorError ? EXIT_OF[error.code] : undefined;
    io.tell(known !== undefined || !(error instanceof Error) ? `discador: ${error instanceof Error ? error.message : String(error)}` : String(error.stack));
    return known ?? EXIT.failed;
  }
}

// Whoever reads has seen enough: `… | head` is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed));
process.stderr.on('error', () => undefined);

const { stdin, stdout, stderr, env } = process;
process.exitCode = await run(process.argv.slice(2), { stdin, stdout, env, tell: (text) => void stderr.write(`${text}\n`) });
