import type { Readable, Writable } from 'node:stream';

/** What a command reads and writes, and what it is told by the environment. */
export interface CommandIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** A line for the person at the terminal: goes to stderr. */
  readonly tell: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
}

/** Exit codes of every command of ours. */
export const EXIT = { ok: 0, failed: 1, usage: 2, away: 69, config: 78 } as const;
