import { open, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { newSegment, type Segment } from './segment-files.ts';

/** A record that is not on disk yet. */
export interface PendingRecord {
  readonly seq: number;
  /** epoch milliseconds */
  readonly at: number;
  readonly frame: Buffer;
}

export type SpoolOperation = 'write' | 'read' | 'sync' | 'delete';

export interface SegmentWriterOptions {
  folder: string;
  segmentBytes: number;
  /** Grows here; what is confirmed is taken out by the owner. */
  segments: Segment[];
  onError(operation: SpoolOperation, error: unknown): void;
}

const BATCH_BYTES = 1024 * 1024;
const RETRY_MS = 1_000;
/** What a power cut may take; a killed process loses nothing that was written. */
const SYNC_MS = 250;

/** Appends records to the newest segment, as many with one write as came during the one before. What cannot be written stays pending, and
 *  can be read from here, until the disk takes it. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #stopping = new AbortController();
  #pending: PendingRecord[] = [];
  #pendingBytes = 0;
  #handle: FileHandle | null = null;
  /** How many of the first pending ones are being written. */
  #writing = 0;
  #loop: Promise<void> | null = null;
  #syncTimer: NodeJS.Timeout | null = null;
  /** Who waits for it to have written all, or to fail. */
  #paused: (() => void)[] = [];

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  get pending(): readonly PendingRecord[] {
    return this.#pending;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(record: PendingRecord): void {
    this.#pending.push(record);
    this.#pendingBytes += record.frame.length;
    this.#loop ??= this.#run();
  }

  /** Spares the disk what is settled before it was written. */
  forget(upTo: number): void {
    if (this.#writing > 0) return;
    const first = this.#pending.findIndex(({ seq }) => seq > upTo);
    this.#drop(first < 0 ? this.#pending.length : first);
  }

  /** Lets go of the newest segment, so that it can be deleted. @returns false while it is being written to */
  release(): boolean {
    if (this.#loop !== null) return false;
    void this.#closeHandle();
    return true;
  }

  /** Resolves when all is written, or the disk refuses. */
  async flush(): Promise<void> {
    if (this.#loop) await new Promise<void>((resolve) => this.#paused.push(resolve));
  }

  /** As `flush`; then the files are closed. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await this.#closeHandle();
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // what the same turn brings is one write
    while (this.#pending.length > 0) {
      try {
        await this.#writeBatch();
      } catch (error) {
        this.#options.onError('write', error);
        this.#tellPaused();
        await this.#abandonSegment();
        if (this.#stopping.signal.aborted) break;
        await sleep(RETRY_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
    this.#loop = null;
    this.#tellPaused();
  }

  #tellPaused(): void {
    for (const tell of this.#paused.splice(0)) tell();
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#nextBatch();
    this.#writing = batch.length;
    try {
      const [segment, handle] = await this.#openSegment(batch[0] as PendingRecord);
      const bytes = Buffer.concat(batch.map(({ frame }) => frame));
      for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done, segment.bytes + done)).bytesWritten;
      segment.bytes += bytes.length;
      this.#drop(batch.length);
    } finally {
      this.#writing = 0;
    }
    this.#syncTimer ??= setTimeout(() => this.#sync(), SYNC_MS);
  }

  #nextBatch(): PendingRecord[] {
    let bytes = 0;
    const end = this.#pending.findIndex(({ frame }) => (bytes += frame.length) > BATCH_BYTES);
    return this.#pending.slice(0, end < 0 ? this.#pending.length : Math.max(1, end));
  }

  #drop(count: number): void {
    for (const { frame } of this.#pending.splice(0, count)) this.#pendingBytes -= frame.length;
  }

  async #openSegment(first: PendingRecord): Promise<[Segment, FileHandle]> {
    const { folder, segments, segmentBytes } = this.#options;
    const newest = segments.at(-1);
    if (this.#handle && newest && newest.bytes < segmentBytes) return [newest, this.#handle];
    await this.#closeHandle();
    const segment = newSegment(folder, first.seq, first.at);
    this.#handle = await open(segment.path, 'w', 0o600);
    segments.push(segment);
    await using directory = await open(folder); // a power cut must not take the file's name
    await directory.sync();
    return [segment, this.#handle];
  }

  /** The next try begins a file of its own: what half a write has left behind the end of this one does not count. */
  async #abandonSegment(): Promise<void> {
    const { segments } = this.#options;
    const newest = this.#handle ? segments.at(-1) : undefined;
    await this.#closeHandle();
    if (newest?.bytes !== 0) return;
    segments.pop();
    await rm(newest.path, { force: true }).catch(() => undefined);
  }

  #sync(): void {
    this.#syncTimer = null;
    this.#handle?.datasync().catch((error: unknown) => this.#options.onError('sync', error));
  }

  async #closeHandle(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    if (this.#syncTimer) clearTimeout(this.#syncTimer);
    this.#syncTimer = null;
    try {
      await handle?.datasync();
      await handle?.close();
    } catch (error) {
      this.#options.onError('sync', error);
    }
  }
}
