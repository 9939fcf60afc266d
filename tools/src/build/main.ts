import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inheritedEnvironment } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { StackError } from '../stack/stack-error.ts';
import { runAsMain } from '../stack/run-as-main.ts';

const NX = join(REPO_ROOT, 'node_modules', '.bin', 'nx'); // a link to its JavaScript
const QUIET_NX = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };

/** Builds every package that has a build target (Nx, cached: 1–2 s when nothing changed).
 *  @throws StackError (exit 1) whose details are the compiler's output */
export async function build(): Promise<void> {
  const { code, output } = await runNx(['run-many', '-t', 'build']);
  if (code !== 0) throw new StackError('The build failed', 1, output.trimEnd());
}

function runNx(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [NX, ...args], {
    cwd: REPO_ROOT,
    env: { ...inheritedEnvironment(), ...QUIET_NX },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

runAsMain(import.meta.url, async () => {
  const began = Date.now();
  await build();
  process.stderr.write(`✓ built (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
});
