/** Exit codes of every command of ours (contract 2). */
export const EXIT = { ok: 0, failed: 1, usage: 2, skipped: 3, away: 69, config: 78 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What the user is told in one sentence, with the exit code that goes with it; `details` is output of a tool that failed. */
export class StackError extends Error {
  override readonly name = 'StackError';
  readonly exitCode: ExitCode;
  readonly details: string;

  constructor(message: string, exitCode: ExitCode, details = '') {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}
