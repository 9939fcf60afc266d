import { createHash } from 'node:crypto';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file with at least one complete line. */
export interface RecordFile {
  path: string;
  /** the same for a renamed or copied file, another after truncation; a signed 64-bit number as text.
   *  Not the inode: file systems give it to the next file at once, and truncation keeps it. */
  identity: string;
  size: number;
  modifiedMs: number;
}

const FIRST_LINE_MAX = 65_536;

/** Looks at a file.
 *  @returns null when it is missing, empty or has not one complete line yet
 *  @throws when its folder is missing: a wrong path must not look like a quiet PBX */
export async function describeFile(path: string): Promise<RecordFile | null> {
  const handle = await openExisting(path);
  if (handle === null) return null;
  try {
    const { size, mtimeMs } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, FIRST_LINE_MAX)), 0, undefined, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
    if (end < 0 && bytesRead < FIRST_LINE_MAX) return null;
    const firstLine = buffer.subarray(0, end < 0 ? bytesRead : end);
    const identity = createHash('sha256').update(firstLine).digest().readBigInt64BE(0).toString();
    return { path, identity, size, modifiedMs: mtimeMs };
  } finally {
    await handle.close();
  }
}

/** The file's rotated predecessors (`cel.csv.1`, `cel.csv-20260101`), oldest first; compressed ones are out of reach. */
export async function rotatedFiles(path: string): Promise<RecordFile[]> {
  const name = basename(path);
  const names = (await readdir(dirname(path))).filter((other) => /^[.-]/.test(other.slice(name.length)) && other.startsWith(name));
  const files = await Promise.all(names.filter((other) => !/\.(gz|xz|bz2|zst)$/.test(other)).map((other) => describeFile(join(dirname(path), other))));
  return files.filter((file) => file !== null).sort((a, b) => a.modifiedMs - b.modifiedMs);
}

/** Reads up to `length` bytes from `offset`; fewer at the end of the file. */
export async function readPiece(path: string, offset: number, length: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function openExisting(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await stat(dirname(path));
    return null;
  }
}
