import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const RECORDINGS = new URL('../../../../libs/domain/src/calls/fixtures/', import.meta.url);

/** Names of the dialer's own recorded calls: those that have golden files. */
export const RECORDED = readdirSync(RECORDINGS)
  .filter((name) => name.endsWith('.ari.jsonl') && !name.startsWith('foreign-'))
  .map((name) => name.replace('.ari.jsonl', ''));

/** The recorded ARI messages of one call. */
export function recording(name: string): string {
  return readFileSync(new URL(`${name}.ari.jsonl`, RECORDINGS), 'utf8');
}

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export class CliProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ran>;
  stdout = '';
  stderr = '';

  /** Starts `discador` as a process of its own, from the source. @param env  all that it is given */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', MAIN, ...args], { env });
    this.child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.child.stdin.on('error', () => undefined); // it need not read to the end
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }
}

/** Runs `discador` to its end. */
export function runCli(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const cli = new CliProcess(args, env);
  cli.child.stdin.end(input);
  return cli.ended;
}

/** The objects of an NDJSON text. */
export function objectsOf<T>(ndjson: string): T[] {
  return ndjson.split('\n').filter(Boolean).map((line) => JSON.parse(line) as T);
}
