import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART, type Rendered } from './chart.ts';
import type { Finding } from './kube-object.ts';

export const GOLDEN = join(CHART, 'golden');

/** Passwords that are made anew at each rendering: 32 letters and digits, in base64. */
const MADE_ANEW = /(: )[A-Za-z0-9+/]{43}=$/gm;

/** What is kept of a rendering: everything that is the same each time. */
export const keptText = (text: string): string => text.replace(MADE_ANEW, `$1${Buffer.from('made anew').toString('base64')}`);

/** Holds a rendering against the one that somebody has looked at and committed. */
export function compareGolden(kept: string | null, { name, text }: Pick<Rendered, 'name' | 'text'>): Finding[] {
  const at = `golden/${name}.yaml`;
  if (kept === null) return [{ at, says: 'is missing: npm run check:deploy -- --update writes it' }];
  const [before, now] = [kept.split('\n'), keptText(text).split('\n')];
  const line = before.findIndex((one, index) => one !== now[index]);
  if (line < 0 && before.length === now.length) return [];
  const first = line < 0 ? before.length : line;
  return [{ at, says: `differs from line ${first + 1} on: "${before[first] ?? '(end)'}" was committed, "${now[first] ?? '(end)'}" is rendered. When that is meant: npm run check:deploy -- --update` }];
}

export function readGolden(name: string): string | null {
  const file = join(GOLDEN, `${name}.yaml`);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** Writes all of them anew; those of values files that are gone go too. */
export function writeGolden(rendered: readonly Rendered[]): void {
  rmSync(GOLDEN, { recursive: true, force: true });
  mkdirSync(GOLDEN, { recursive: true });
  for (const { name, text } of rendered) writeFileSync(join(GOLDEN, `${name}.yaml`), keptText(text));
}
