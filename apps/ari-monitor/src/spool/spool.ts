import { rm } from 'node:fs/promises';
import { readAcked, writeAcked } from './ack-file.ts';
import { encodeFrame, FRAME_HEADER_BYTES, type Frame } from './frame.ts';
import { findSegments, type Segment } from './segment-files.ts';
import { SegmentReader } from './segment-reader.ts';
import { SegmentWriter, type SpoolOperation } from './segment-writer.ts';
import { claimSpoolFolder, type SpoolFolder } from './spool-folder.ts';

export interface SpoolOptions {
  /** made if it is not there; for this process alone */
  folder: string;
  maxBytes: number;
  /** of what waits to be written: memory, should the disk be slow or full */
  maxPendingBytes: number;
  /** default 8 MiB */
  segmentBytes?: number;
  /** The disk refused; it is tried again. */
  onError(operation: SpoolOperation, error: unknown): void;
  /** Records that were written and cannot be read. */
  onLost(count: number): void;
}

/** Why a record is not taken: the spool has its bytes, or the disk is too slow and memory is full. */
export type Refusal = 'spool_full' | 'memory_full';

const DEFAULT_SEGMENT_BYTES = 8 * 1024 * 1024;
/** A spool has at least so many segments, because room comes back segment by segment. */
const SEGMENTS = 8;
/** Above this share of the room only important records are taken. */
const CROWDED = 0.8;
const SAVE_MS = 250;

/** A bounded queue of records on disk that outlives its process. Records get ascending numbers; they are read in order, and settled in order
 *  by `ack`, which deletes whole segments. A process that is killed repeats, at its next start, what was settled in the last 250 ms. */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #folder: SpoolFolder;
  readonly #segments: Segment[];
  readonly #writer: SegmentWriter;
  readonly #reader: SegmentReader;
  #nextSeq: number;
  #acked: number;
  #saveTimer: NodeJS.Timeout | null = null;

  /** @throws DiscadorError `configuration` when the folder cannot be used */
  constructor(options: SpoolOptions) {
    const { folder, onError, onLost, maxBytes, segmentBytes = DEFAULT_SEGMENT_BYTES } = options;
    this.#options = options;
    this.#folder = claimSpoolFolder(folder);
    this.#acked = readAcked(folder);
    const { segments, nextSeq } = findSegments(folder, (error) => onError('read', error));
    this.#segments = segments;
    this.#nextSeq = Math.max(nextSeq, this.#acked + 1);
    this.#writer = new SegmentWriter({ folder, segments, segmentBytes: Math.min(segmentBytes, maxBytes / SEGMENTS), onError });
    this.#reader = new SegmentReader({ segments, pending: () => this.#writer.pending, onLost, onError: (error) => onError('read', error) }, this.#acked + 1);
    this.#deleteSettled();
    // Without the file of what is settled, or with a record of it lost: what is there is all there is.
    if (this.#segments.length === 0) this.ack(this.#nextSeq - 1);
  }

  /** Records not settled. */
  get messages(): number {
    return this.#nextSeq - 1 - this.#acked;
  }

  /** Records not read. */
  get unread(): number {
    return this.#nextSeq - this.#reader.next;
  }

  /** Records that are in memory only, because they have not been written yet. */
  get unwritten(): number {
    return this.#writer.pending.length;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, this.#writer.pendingBytes);
  }

  /** Epoch milliseconds, not after the oldest record that is not settled; null when all are. */
  get oldestAt(): number | null {
    return this.messages === 0 ? null : (this.#segments[0]?.firstAt ?? this.#writer.pending[0]?.at ?? null);
  }

  /** Number of the record that `read` gives next. */
  get position(): number {
    return this.#reader.next;
  }

  /** Number behind that of the newest record. */
  get end(): number {
    return this.#nextSeq;
  }

  /** @param parts  the record, in pieces; @param at  when it was received, epoch milliseconds; @param important  taken while there is any room
   *  @returns its number, or why it is not taken */
  append(parts: readonly Buffer[], at: number, important: boolean): number | Refusal {
    const { maxBytes, maxPendingBytes } = this.#options;
    const share = important ? 1 : CROWDED;
    const size = parts.reduce((sum, part) => sum + part.length, FRAME_HEADER_BYTES);
    if (this.bytes + size > maxBytes * share) return 'spool_full';
    if (this.#writer.pendingBytes + size > maxPendingBytes * share) return 'memory_full';
    const seq = this.#nextSeq++;
    this.#writer.push({ seq, at, frame: encodeFrame(seq, parts) });
    return seq;
  }

  /** @returns the next records, at most `max`; none when all have been read. One at a time.
   *  @throws when the disk refuses just now */
  read(max: number): Promise<Frame[]> {
    return this.#reader.read(max, () => this.#nextSeq);
  }

  /** Reads on from this record; not while a read is under way. */
  readFrom(seq: number): void {
    this.#reader.seek(seq);
  }

  /** All records up to this one are settled. */
  ack(seq: number): void {
    if (seq <= this.#acked) return;
    this.#acked = seq;
    this.#writer.forget(seq);
    this.#deleteSettled();
    this.#saveTimer ??= setTimeout(() => this.#save(), SAVE_MS);
  }

  /** Resolves when all is written, or the disk refuses; see `unwritten`. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /** Writes what is pending, unless the disk refuses, and gives the folder free. */
  async close(): Promise<void> {
    await this.#writer.close();
    if (this.#saveTimer) clearTimeout(this.#saveTimer);
    await this.#save();
    this.#folder.release();
  }

  #deleteSettled(): void {
    while (this.#segments[0] && this.#endOf(0) <= this.#acked + 1) {
      if (this.#segments.length === 1 && !this.#writer.release()) return;
      const [settled] = this.#segments.splice(0, 1) as [Segment];
      rm(settled.path, { force: true }).catch((error: unknown) => this.#options.onError('delete', error));
    }
  }

  /** @returns the number behind a segment's last record */
  #endOf(index: number): number {
    return this.#segments[index + 1]?.firstSeq ?? this.#writer.pending[0]?.seq ?? this.#nextSeq;
  }

  async #save(): Promise<void> {
    this.#saveTimer = null;
    await writeAcked(this.#options.folder, this.#acked).catch((error: unknown) => this.#options.onError('write', error));
  }
}
