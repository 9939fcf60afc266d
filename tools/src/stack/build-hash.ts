import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from './home.ts';

/** A hash of all built code: another one means that running services are older than what was built. */
export function hashBuilt(): string {
  const hash = createHash('sha256');
  for (const group of ['apps', 'libs']) {
    for (const name of readdirSync(join(REPO_ROOT, group)).sort()) addFolder(hash, join(REPO_ROOT, group, name, 'dist'));
  }
  return hash.digest('hex');
}

function addFolder(hash: ReturnType<typeof createHash>, dir: string): void {
  if (!existsSync(dir)) return;
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js')).sort();
  for (const file of files) hash.update(file).update(readFileSync(join(dir, file)));
}
