import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DiscadorError } from '@discador/contracts/discador-error';

/** A folder that this process alone uses, until `release`. */
export interface SpoolFolder {
  readonly path: string;
  release(): void;
}

const SQLITE_BUSY = 5;

/** Makes the folder, tries whether it can be written, and locks it. The lock is SQLite's, on an empty file: the one lock in Node that the
 *  kernel gives back when its holder is killed, and that also keeps out a process in another container.
 *  @throws DiscadorError `configuration`, without the path */
export function claimSpoolFolder(path: string): SpoolFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const probe = join(path, 'probe');
    writeFileSync(probe, 'written');
    rmSync(probe);
    const lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { path, release: () => lock.close() };
  } catch (error) {
    const { code, errcode } = error as { code?: string; errcode?: number };
    const reason = errcode === SQLITE_BUSY ? 'another process uses this folder' : `the folder cannot be written (${code})`;
    throw new DiscadorError('configuration', `spoolDir (SPOOL_DIR): ${reason}`);
  }
}
