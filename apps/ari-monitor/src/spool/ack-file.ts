import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = 'acked';

/** Up to which record all are settled. What is lost of it, or late, costs repeats and no record: unreadable counts as none settled. */
export function readAcked(folder: string): number {
  try {
    const [, seq] = /^(\d{1,16})\n$/.exec(readFileSync(join(folder, NAME), 'latin1')) ?? [];
    return Number(seq ?? 0);
  } catch {
    return 0;
  }
}

/** Replaces the file in one step. */
export async function writeAcked(folder: string, seq: number): Promise<void> {
  const next = join(folder, `${NAME}.next`);
  await writeFile(next, `${seq}\n`);
  await rename(next, join(folder, NAME));
}
