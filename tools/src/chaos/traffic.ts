import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { parseCelLine } from '@discador/asterisk/cel';
import { attemptHalf } from '@discador/domain/records/cel-record';

const POLL_MS = 100;

/** Follows a file that only grows, line by line. */
class FollowedFile {
  readonly #path: string;
  readonly #onLine: (line: string) => void;
  #offset = 0;
  #rest = '';

  constructor(path: string, onLine: (line: string) => void) {
    this.#path = path;
    this.#onLine = onLine;
  }

  read(): void {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= this.#offset) return;
    const bytes = Buffer.alloc(size - this.#offset);
    const file = openSync(this.#path, 'r');
    this.#offset += readSync(file, bytes, 0, bytes.length, this.#offset);
    closeSync(file);
    const lines = (this.#rest + bytes.toString('utf8')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }
}

/** The calls going on, as the PBX's own event log tells them: what the harness goes by while it runs. */
export class Traffic {
  readonly #file: FollowedFile;
  readonly #live = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #started = 0;

  /** @param celLog  the PBX's cel.csv */
  constructor(celLog: string) {
    this.#file = new FollowedFile(celLog, (line) => this.#onLine(line));
    this.#timer = setInterval(() => this.#file.read(), POLL_MS);
  }

  /** Attempts whose dialled half lives. */
  get inFlight(): number {
    return this.#live.size;
  }

  /** Calls begun so far. */
  get started(): number {
    return this.#started;
  }

  /** Asterisk died, and with it every call. */
  forgetLive(): void {
    this.#file.read();
    this.#live.clear();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #onLine(line: string): void {
    const record = parseCelLine(line);
    const half = record ? attemptHalf(record.channelId) : null;
    if (!record || half?.half !== 2) return;
    if (record.eventType === 'CHAN_START') {
      this.#live.add(half.attemptId);
      this.#started += 1;
    } else if (record.eventType === 'CHAN_END') this.#live.delete(half.attemptId);
  }
}
