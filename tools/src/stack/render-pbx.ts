import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pbxName } from './addresses.ts';
import type { Desired } from './desired.ts';
import { type Home, REPO_ROOT, type Secrets } from './home.ts';
import { pbxFiles, renderEnvironment } from './pbx-processes.ts';

const run = promisify(execFile);

/** Writes the configuration of one PBX; a running Asterisk reads it at its next start.
 *  @param index 1-based
 *  @returns a hash of what was written
 *  @throws what asterisk/render.sh said */
export async function renderPbx(desired: Desired, home: Home, secrets: Secrets, index: number): Promise<string> {
  const { etcDir } = pbxFiles(home, pbxName(index));
  const script = join(REPO_ROOT, 'asterisk', 'render.sh');
  await run('sh', [script, etcDir], { env: renderEnvironment(desired, home, secrets, index) });
  const hash = createHash('sha256');
  for (const name of readdirSync(etcDir).sort()) hash.update(name).update(readFileSync(join(etcDir, name)));
  return hash.digest('hex');
}
