import type { RecordFile } from './record-file.ts';

/** How far a PBX's file has been shipped. */
export interface Position {
  identity: string;
  byteOffset: number;
}

export interface NextRead {
  file: RecordFile;
  byteOffset: number;
  /** no younger file is there: the PBX may still be writing to this one */
  last: boolean;
  /** the position's file is nowhere: what it held beyond the position is lost to us */
  lost: boolean;
}

/** Before the first line of a PBX was ever seen. */
export const NOTHING_YET: Position = { identity: '0', byteOffset: 0 };

/** Decides which file to read next: the one of the position as long as it has more, then the next younger one.
 *  @param current  the file under its own name; null while it has no line
 *  @param rotated  its predecessors, oldest first
 *  @returns null when there is nothing to read from */
export function whereToRead(position: Position, current: RecordFile | null, rotated: RecordFile[]): NextRead | null {
  if (current?.identity === position.identity) return resume(current, position, true);
  if (position.identity === NOTHING_YET.identity) return current && begin(current);
  const at = rotated.findIndex((file) => file.identity === position.identity);
  const old = rotated[at];
  if (old === undefined) return current && { ...begin(current), lost: true };
  if (current === null) return resume(old, position, true);
  if (old.size > position.byteOffset) return resume(old, position, false);
  const younger = rotated.slice(at + 1).find((file) => file.identity !== position.identity && file.identity !== current.identity);
  return younger ? { ...begin(younger), last: false } : begin(current);
}

function resume(file: RecordFile, { byteOffset }: Position, last: boolean): NextRead {
  // Shorter than what was read, with the same first line: cut off by hand. Reading again adds no row twice.
  return { file, byteOffset: byteOffset <= file.size ? byteOffset : 0, last, lost: false };
}

function begin(file: RecordFile): NextRead {
  return { file, byteOffset: 0, last: true, lost: false };
}
