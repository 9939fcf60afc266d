import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringifyChunked } from '@discoveryjs/json-ext';
import type { Logger } from 'pino';

export interface CheckpointOptions {
  /** absolute; the folder is made if it is missing */
  file: string;
  log: Logger;
  /** default 64 MiB; more is neither written nor read */
  maxBytes?: number;
  /** default 2,000 */
  everyMs?: number;
}

const MAX_BYTES = 64 * 1024 * 1024;
const EVERY_MS = 2_000;
/** The event loop and the heap get a state of megabytes in pieces. */
const CHUNK_BYTES = 64 * 1024;
/** Of the time, making its text may take one part in so many. */
const SPARE = 50;

/** What a process must know of its former life, in one JSON file that is either the old or the new one, whenever the process or the machine stops:
 *  written beside it, brought to the disk, and renamed. It is a help, not the truth: what is read may be seconds old, or nothing. */
export class Checkpoint {
  readonly #file: string;
  readonly #log: Logger;
  readonly #maxBytes: number;
  readonly #everyMs: number;
  #take: (() => unknown) | null = null;
  /** What is in the file, when it is short. */
  #written = '';
  #textMs = 0;
  #failed = false;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor({ file, log, maxBytes = MAX_BYTES, everyMs = EVERY_MS }: CheckpointOptions) {
    this.#file = file;
    this.#log = log;
    this.#maxBytes = maxBytes;
    this.#everyMs = everyMs;
  }

  /** Read once, before `start`. @returns what was written last; null when there is none, or it cannot be used, which is a warning */
  read(): unknown {
    try {
      if (statSync(this.#file).size > this.#maxBytes) throw new RangeError('larger than it may be');
      return JSON.parse(readFileSync(this.#file, 'utf8')) as unknown;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // The parser's message would quote the file, the system's its path, which is a setting's value.
      const reason = error instanceof SyntaxError ? 'not JSON' : (code ?? message);
      if (code !== 'ENOENT') this.#log.warn({ reason }, 'the checkpoint of the former process cannot be used');
      return null;
    }
  }

  /** From now on writes what `take` gives, every two seconds, when it has changed.
   *  @param take  called for each look; plain JSON of which nothing is changed afterwards: it is read while others have their turn */
  start(take: () => unknown): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    this.#take = take;
    this.#schedule();
  }

  /** Writes the last state and ends. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    const take = this.#take;
    this.#take = null;
    await this.#turn;
    if (take) await this.#writeChange(take);
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      const take = this.#take;
      if (!take) return;
      this.#turn = this.#writeChange(take).then(() => {
        if (this.#take) this.#schedule();
      });
    }, Math.max(this.#everyMs, this.#textMs * SPARE));
  }

  async #writeChange(take: () => unknown): Promise<void> {
    try {
      this.#textMs = 0;
      const chunks = this.#timed(stringifyChunked(take(), { highWaterMark: CHUNK_BYTES }));
      const first = chunks.next().value ?? '';
      const second = chunks.next();
      if (second.done && first === this.#written) return;
      await this.#replace(first, second.value ?? '', chunks);
      this.#written = second.done ? first : '';
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#log.warn({ err: error }, 'the checkpoint cannot be written');
      this.#failed = true;
    }
  }

  *#timed(chunks: Generator<string>): Generator<string, undefined> {
    for (;;) {
      const began = performance.now();
      const { done, value } = chunks.next();
      this.#textMs += performance.now() - began;
      if (done) return undefined;
      yield value;
    }
  }

  async #replace(first: string, second: string, rest: Iterable<string>): Promise<void> {
    const next = `${this.#file}.next`;
    const file = await open(next, 'w', 0o600);
    try {
      let bytes = await append(file, first + second);
      for (const chunk of rest) if (bytes <= this.#maxBytes) bytes += await append(file, chunk);
      if (bytes > this.#maxBytes) throw new RangeError('larger than it may be');
      await file.sync();
    } catch (error) {
      for (const stale of [next, this.#file]) await rm(stale, { force: true }); // what is there would be taken for the present
      throw error;
    } finally {
      await file.close();
    }
    await rename(next, this.#file);
    const folder = await open(dirname(this.#file), 'r');
    await folder.sync().finally(() => folder.close());
  }
}

async function append(file: FileHandle, text: string): Promise<number> {
  await file.writeFile(text); // goes on where the last one ended
  return Buffer.byteLength(text);
}
