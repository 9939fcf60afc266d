import { readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { framesIn } from './frame.ts';

/** A file of records that follow each other. */
export interface Segment {
  readonly path: string;
  /** number of its first record */
  readonly firstSeq: number;
  /** epoch milliseconds at which its first record was received */
  readonly firstAt: number;
  /** how much of it is written and counts */
  bytes: number;
}

export interface FolderContent {
  /** oldest first */
  readonly segments: Segment[];
  /** the number for the next record */
  readonly nextSeq: number;
}

const SEGMENT_NAME = /^(\d{16})-(\d{1,16})\.seg$/;

export function newSegment(folder: string, firstSeq: number, firstAt: number): Segment {
  return { path: join(folder, `${String(firstSeq).padStart(16, '0')}-${Math.max(0, Math.round(firstAt))}.seg`), firstSeq, firstAt, bytes: 0 };
}

/** Lists what a former life left and cuts off what was torn at its end. Only the newest segments are read, down to one with a whole record.
 *  @param onUnreadable  told of each file that cannot be read, or holds no whole record though it is not empty */
export function findSegments(folder: string, onUnreadable: (error: unknown) => void): FolderContent {
  const segments = readdirSync(folder)
    .sort()
    .flatMap((name): Segment[] => {
      const [, firstSeq, firstAt] = SEGMENT_NAME.exec(name) ?? [];
      const path = join(folder, name);
      return firstSeq === undefined ? [] : [{ path, firstSeq: Number(firstSeq), firstAt: Number(firstAt), bytes: statSync(path).size }];
    });
  let nextSeq = 1;
  for (let newest = segments.at(-1); newest; newest = segments.at(-1)) {
    const lastSeq = cutTornEnd(newest, onUnreadable);
    if (lastSeq !== null) return { segments, nextSeq: lastSeq + 1 };
    nextSeq = newest.firstSeq;
    segments.pop();
  }
  return { segments, nextSeq };
}

/** @returns number of its last whole record; null when it has none: then the file is gone */
function cutTornEnd(segment: Segment, onUnreadable: (error: unknown) => void): number | null {
  let end = 0;
  let lastSeq: number | null = null;
  try {
    for (const frame of framesIn(readFileSync(segment.path))) [end, lastSeq] = [frame.end, frame.seq];
    if (end < segment.bytes) truncateSync(segment.path, end);
    if (lastSeq === null) rmSync(segment.path);
    if (lastSeq === null && segment.bytes > 0) onUnreadable(new Error('a segment of the spool held no whole record'));
  } catch (error) {
    onUnreadable(error);
    return null;
  }
  segment.bytes = end;
  return lastSeq;
}
