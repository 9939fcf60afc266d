import { open } from 'node:fs/promises';
import { FRAME_HEADER_BYTES, framesIn, type Frame } from './frame.ts';
import type { Segment } from './segment-files.ts';
import type { PendingRecord } from './segment-writer.ts';

export interface SegmentReaderOptions {
  segments: readonly Segment[];
  /** what the disk does not have yet, newer than all segments */
  pending(): readonly PendingRecord[];
  /** records that should have been there */
  onLost(count: number): void;
  /** A segment cannot be read; it is tried again, and passed over at last. */
  onError(error: unknown): void;
}

const TRIES = 3;
/** More, when no record ends within it. Whole segments at once made a replay cost 100 MB of memory. */
const CHUNK_BYTES = 256 * 1024;

/** Reads the records in order: segment by segment, then those that are not written yet. */
export class SegmentReader {
  readonly #options: SegmentReaderOptions;
  /** Number of the next record to give. */
  #next: number;
  #segment: Segment | null = null;
  #offset = 0;
  #chunkBytes = CHUNK_BYTES;
  #frames: Frame[] = [];
  #failures = 0;

  constructor(options: SegmentReaderOptions, next: number) {
    this.#options = options;
    this.#next = next;
  }

  get next(): number {
    return this.#next;
  }

  /** Goes back, or on, to this record; not while a read is under way. */
  seek(next: number): void {
    this.#next = next;
    this.#segment = null;
    this.#frames = [];
  }

  /** @param end  number behind the newest record @returns up to `max` records; none when there are no more
   *  @throws when a segment cannot be read just now */
  async read(max: number, end: () => number): Promise<Frame[]> {
    while (this.#next < end()) {
      const read = this.#take(max);
      if (read.length > 0) return read;
      const segment = this.#unread();
      if (segment === null) return this.#takePending(max, end());
      await this.#load(segment);
    }
    return [];
  }

  #take(max: number): Frame[] {
    return this.#frames.splice(0, max).map((frame) => this.#pass(frame));
  }

  /** Decided in one go with what is pending: a record that goes to disk in between would be in neither. */
  #takePending(max: number, end: number): Frame[] {
    const pending = this.#options.pending();
    const first = pending.findIndex(({ seq }) => seq >= this.#next);
    if (first < 0) this.#lostUpTo(end);
    const taken = first < 0 ? [] : pending.slice(first, first + max);
    return taken.map(({ seq, frame }) => this.#pass({ seq, payload: frame.subarray(FRAME_HEADER_BYTES) }));
  }

  #pass(frame: Frame): Frame {
    this.#lostUpTo(frame.seq);
    this.#next = frame.seq + 1;
    return frame;
  }

  #lostUpTo(seq: number): void {
    if (seq > this.#next) this.#options.onLost(seq - this.#next);
    this.#next = seq;
  }

  /** @returns a segment with bytes not yet read */
  #unread(): Segment | null {
    const { segments } = this.#options;
    const at = this.#segment;
    if (at && this.#offset < at.bytes) return at;
    const following = at ? segments.find(({ firstSeq }) => firstSeq > at.firstSeq) : (segments.findLast(({ firstSeq }) => firstSeq <= this.#next) ?? segments[0]);
    if (!following || following.bytes === 0) return null;
    this.#segment = following;
    this.#offset = 0;
    return following;
  }

  async #load(segment: Segment): Promise<void> {
    const rest = segment.bytes - this.#offset;
    const bytes = Buffer.allocUnsafe(Math.min(rest, this.#chunkBytes));
    try {
      await using handle = await open(segment.path);
      await handle.read(bytes, 0, bytes.length, this.#offset);
    } catch (error) {
      this.#failures += 1;
      this.#options.onError(error);
      if (this.#failures < TRIES) throw error;
      this.#offset = segment.bytes;
      this.#failures = 0;
      return;
    }
    this.#failures = 0;
    const frames = [...framesIn(bytes)];
    const end = bytes.length === rest ? rest : (frames.at(-1)?.end ?? 0);
    this.#chunkBytes = end > 0 ? CHUNK_BYTES : this.#chunkBytes * 2;
    this.#offset += end;
    this.#frames = frames.filter(({ seq }) => seq >= this.#next);
  }
}
