import { spawn } from 'node:child_process';
import { REPO_ROOT } from '../stack/home.ts';

export interface ServiceChild {
  /** everything it wrote, until now */
  output(): string;
  ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts one built service with exactly these variables, outside the stack. */
export function startService(name: string, env: Record<string, string>): ServiceChild {
  const child = spawn(process.execPath, [`apps/${name}/dist/main.js`], { cwd: REPO_ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { output: () => output, ended, kill: (signal) => void child.kill(signal) };
}
