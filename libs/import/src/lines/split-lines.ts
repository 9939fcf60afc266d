export type PhysicalLine = {
  /** 1 for the first line of the file. */
  readonly line: number;
  /** Without the line end; the first bytes only when `tooLong`. */
  readonly bytes: Buffer;
  readonly tooLong: boolean;
};

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** What is kept of a line that is too long, to show its owner which one it was. */
const HEAD_BYTES = 256;

/** Cuts chunks of a file into physical lines, holding at most `maxBytes` of a line whatever its length. */
export class LineSplitter {
  readonly #maxBytes: number;
  #line = 1;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #isTooLong = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns the lines that this chunk completes; read them all before the next chunk */
  *push(chunk: Buffer): Generator<PhysicalLine> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk, start, end);
      yield this.#take();
      start = end + 1;
    }
    this.#keep(chunk, start, chunk.length);
  }

  /** @returns the last line, when the file does not end with a line end */
  *end(): Generator<PhysicalLine> {
    if (this.#restBytes > 0) yield this.#take();
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    if (this.#isTooLong || start === end) return;
    const room = this.#maxBytes - this.#restBytes;
    this.#isTooLong = end - start > room;
    this.#rest.push(chunk.subarray(start, Math.min(end, start + room)));
    this.#restBytes += Math.min(end - start, room);
  }

  #take(): PhysicalLine {
    const whole = this.#rest.length === 1 ? (this.#rest[0] as Buffer) : Buffer.concat(this.#rest);
    const tooLong = this.#isTooLong;
    this.#rest = [];
    this.#restBytes = 0;
    this.#isTooLong = false;
    const bytes = tooLong ? whole.subarray(0, HEAD_BYTES) : withoutCarriageReturn(whole);
    return { line: this.#line++, bytes, tooLong };
  }
}

function withoutCarriageReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
}
