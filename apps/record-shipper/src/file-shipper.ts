import { setTimeout as delay } from 'node:timers/promises';
import { ReconnectDelay } from '@discador/asterisk/reconnect-delay';
import type { Database } from '@discador/postgres/database';
import type { Logger } from 'pino';
import type { ShipperMetrics } from './metrics.ts';
import { describeFile, readPiece, rotatedFiles } from './record-file.ts';
import type { RecordKind } from './record-kinds.ts';
import { RecordStore } from './record-store.ts';
import { splitLines } from './split-lines.ts';
import { whereToRead, type NextRead, type Position } from './where-to-read.ts';

export interface FileShipperOptions {
  kind: RecordKind;
  path: string;
  pbx: string;
  database: Database;
  pollMs: number;
  log: Logger;
  metrics: ShipperMetrics;
  state: { up(): void; down(reason: string): void };
  /** bytes per transaction */
  pieceBytes?: number;
}

const PIECE_BYTES = 524_288;

/** Tails one file of the PBX into PostgreSQL: every line once, through rotation, truncation and restarts.
 *  When the database or the file's folder is away it waits, with backoff, and goes on where it was. */
export class FileShipper {
  readonly #options: FileShipperOptions;
  readonly #store: RecordStore;
  readonly #pieceBytes: number;
  readonly #ending = new AbortController();
  readonly #delay = new ReconnectDelay({ maxMs: 5000 });
  #position: Position | undefined;
  #tornAt = -1;
  #running: Promise<void> | undefined;

  note = 'starting';

  constructor(options: FileShipperOptions) {
    this.#options = options;
    this.#store = new RecordStore(options.database, options.pbx, options.kind);
    this.#pieceBytes = options.pieceBytes ?? PIECE_BYTES;
  }

  get file(): string {
    return this.#options.kind.file;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends after the transaction that is under way. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const more = await this.#lookSafely();
      if (!more) await delay(this.#options.pollMs, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    }
  }

  async #lookSafely(): Promise<boolean> {
    const { state, log } = this.#options;
    try {
      const more = await this.look();
      this.#delay.reset();
      state.up();
      return more;
    } catch (error) {
      // A lost answer to COMMIT leaves us not knowing: the database is asked where we are.
      this.#position = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      this.note = reason;
      state.down(reason);
      log.warn({ err: error, file: this.file }, 'records wait');
      await delay(this.#delay.nextMs(), undefined, { signal: this.#ending.signal }).catch(() => undefined);
      return false;
    }
  }

  /** One look: reads one piece and loads it.
   *  @returns whether more is there to read at once */
  async look(): Promise<boolean> {
    // Before the file is looked at: what is written after this instant may be missing, what was written before is not.
    const asOf = await this.#store.now();
    this.#position ??= await this.#store.position();
    const next = await this.#next(this.#position);
    if (next === null) return this.#wait(this.#position, asOf);
    if (next.lost) this.#options.log.warn({ file: this.file }, 'the file read last is gone; lines that were not read yet are lost');
    return this.#ship(next, asOf);
  }

  async #next(position: Position): Promise<NextRead | null> {
    const current = await describeFile(this.#options.path);
    if (current?.identity === position.identity) return whereToRead(position, current, []);
    return whereToRead(position, current, await rotatedFiles(this.#options.path));
  }

  async #wait(position: Position, asOf: string): Promise<boolean> {
    await this.#store.save({ rows: [], position, caughtUpAt: asOf });
    this.note = 'no records yet';
    return false;
  }

  async #ship({ file, byteOffset, last }: NextRead, asOf: string): Promise<boolean> {
    const piece = await readPiece(file.path, byteOffset, Math.min(this.#pieceBytes, file.size - byteOffset));
    const end = byteOffset + piece.length;
    const full = piece.length === this.#pieceBytes;
    const { lines, consumed } = splitLines(piece, byteOffset);
    // A line longer than a whole piece, or the torn last one of a file that nobody writes to any more: it will never be a record.
    const hopeless = consumed === 0 && piece.length > 0 && (full || !last);
    const position = { identity: file.identity, byteOffset: hopeless ? end : byteOffset + consumed };
    const caughtUp = !full && last && this.#isWhole(end, position.byteOffset);
    const rows = lines.map((line) => this.#options.kind.row(line));
    await this.#store.save({ rows, position, caughtUpAt: caughtUp ? asOf : null });
    this.#position = position;
    this.#count(rows, hopeless, file.size - position.byteOffset);
    return full || !last;
  }

  /** Whether the file ends with a whole line, or with half a line that has not grown since the last look: its writer was killed. */
  #isWhole(end: number, consumedTo: number): boolean {
    const whole = end === consumedTo || end === this.#tornAt;
    this.#tornAt = end;
    return whole;
  }

  #count(rows: unknown[], hopeless: boolean, behindBytes: number): void {
    const { metrics, log } = this.#options;
    const labels = { file: this.file };
    const bad = rows.filter((row) => row === null).length;
    metrics.shipped.inc(labels, rows.length - bad);
    metrics.behindBytes.set(labels, behindBytes);
    this.note = `${behindBytes} bytes behind`;
    if (bad === 0 && !hopeless) return;
    metrics.rejected.inc(labels, bad + (hopeless ? 1 : 0));
    log.warn({ file: this.file, rejected: bad, hopeless }, 'lines that are no record were left out');
  }
}
