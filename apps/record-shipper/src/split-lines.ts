export interface Line {
  text: string;
  /** where it begins in the file */
  byteOffset: number;
}

export interface SplitChunk {
  /** complete lines only, without line breaks, empty ones left out */
  lines: Line[];
  /** bytes up to and including the last line break */
  consumed: number;
}

const LF = 0x0a;

/** Cuts a piece of a file into lines; what follows the last line break stays for the next look.
 *  @param from  where in the file the piece begins */
export function splitLines(chunk: Buffer, from: number): SplitChunk {
  const lines: Line[] = [];
  let start = 0;
  for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
    // PostgreSQL's text takes no NUL: one would make the whole batch fail, and again, for ever.
    const text = chunk.toString('utf8', start, end).replaceAll('\0', '').replace(/\r$/, '');
    if (text !== '') lines.push({ text, byteOffset: from + start });
    start = end + 1;
  }
  return { lines, consumed: start };
}
