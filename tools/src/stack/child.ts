import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import type { ProcessIdentity } from './desired.ts';
import { MARK_VARIABLE, identify, signal } from './processes.ts';
import type { ProcessSpec } from './process-spec.ts';

const MAX_LOG_BYTES = 50 << 20;

export type Exit = { code: number | null; signal: string | null; error?: string };

/** One running process of the stack, in a session of its own, its output appended to `logFile`. */
export class Child {
  readonly identity: ProcessIdentity | null;
  readonly startedAt = performance.now();
  readonly #child: ChildProcess;
  readonly #spec: ProcessSpec;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(spec: ProcessSpec, logFile: string, mark: string, onExit: (exit: Exit) => void) {
    for (const file of spec.leftovers) rmSync(file, { force: true });
    this.#spec = spec;
    this.#child = spawnLogged(spec, logFile, mark);
    const { pid } = this.#child;
    this.identity = pid === undefined ? null : (identify(pid) ?? null);
    this.#child.on('error', (error) => {
      if (pid === undefined) onExit({ code: null, signal: null, error: error.message });
    });
    this.#child.on('exit', (code, by) => {
      clearTimeout(this.#killTimer);
      // What it left running in its group (a shell's server, a server's helper) would hold its ports.
      if (pid !== undefined) signal(-pid, 'SIGKILL');
      onExit({ code, signal: by });
    });
  }

  /** Asks it to end, and kills it and its group when it has not after the spec's time. */
  stop(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    signal(pid, this.#spec.stopSignal);
    this.#killTimer = setTimeout(() => signal(-pid, 'SIGKILL'), this.#spec.stopTimeoutMs);
  }
}

function spawnLogged(spec: ProcessSpec, logFile: string, mark: string): ChildProcess {
  if (existsSync(logFile) && statSync(logFile).size > MAX_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  try {
    const [program = '', ...args] = spec.argv;
    return spawn(program, args, {
      cwd: spec.cwd,
      env: { ...spec.env, [MARK_VARIABLE]: mark },
      stdio: ['ignore', log, log],
      detached: true,
      ...(spec.runAs ?? {}),
    });
  } finally {
    closeSync(log);
  }
}
