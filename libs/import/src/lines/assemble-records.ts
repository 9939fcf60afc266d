import type { RowCode } from '@discador/domain/contacts/rejection-codes';
import { splitFields } from '../fields/split-fields.ts';
import type { LineDecoder } from './decode-line.ts';
import type { PhysicalLine } from './split-lines.ts';

/** One record of the file, or why it is none. `line` is the first physical line that it stands on. */
export type FileRecord =
  | { readonly ok: true; readonly line: number; readonly text: string; readonly fields: string[] }
  | { readonly ok: false; readonly line: number; readonly text: string; readonly code: RowCode };

type DecodedLine = { readonly line: number; readonly text: string; readonly code: RowCode | null };

/** A quoted field may span this many lines. The bound keeps one forgotten quote from taking the rows after it along. */
const MOST_LINES = 20;

/** Puts physical lines together to records. A quote that is never closed costs its own line only: the lines that were held to
 *  see whether it closes are then read again, each for itself. */
export class RecordAssembler {
  readonly #decoder: LineDecoder;
  readonly #delimiter: string;
  readonly #columns: number;
  readonly #maxChars: number;
  /** A line with an open quote, and those after it. */
  #held: DecodedLine[] = [];

  /** @param columns  a record of several lines counts only with this many fields
   *  @param maxChars  bound of a record of several lines */
  constructor(decoder: LineDecoder, delimiter: string, columns: number, maxChars: number) {
    this.#decoder = decoder;
    this.#delimiter = delimiter;
    this.#columns = columns;
    this.#maxChars = maxChars;
  }

  /** @returns the records that this line completes */
  push(line: PhysicalLine): FileRecord[] {
    return this.#read([this.#decode(line)]);
  }

  /** @returns what was held for a quote that the end of the file left open */
  end(): FileRecord[] {
    const records: FileRecord[] = [];
    while (this.#held.length > 0) records.push(...this.#giveUp([]));
    return records;
  }

  #decode({ line, bytes, tooLong }: PhysicalLine): DecodedLine {
    if (tooLong) return { line, text: bytes.toString('latin1'), code: 'line_too_long' };
    const text = this.#decoder.decode(bytes);
    return text === null ? { line, text: bytes.toString('latin1'), code: 'wrong_encoding' } : { line, text, code: null };
  }

  #read(lines: readonly DecodedLine[]): FileRecord[] {
    return lines.flatMap((line) => (this.#held.length === 0 ? this.#start(line) : this.#continue(line)));
  }

  #start(next: DecodedLine): FileRecord[] {
    const { line, text, code } = next;
    if (code !== null) return [{ ok: false, line, text, code }];
    const split = splitFields(text, this.#delimiter);
    if (split.ok) return [{ ok: true, line, text, fields: split.fields }];
    if (split.problem === 'quote_misplaced') return [{ ok: false, line, text, code: split.problem }];
    this.#held = [next];
    return [];
  }

  #continue(next: DecodedLine): FileRecord[] {
    const text = [...this.#held, next].map((part) => part.text).join('\n');
    if (next.code !== null || this.#held.length >= MOST_LINES || text.length > this.#maxChars) return this.#giveUp([next]);
    const split = next.text.includes('"') ? splitFields(text, this.#delimiter) : null;
    if (split === null || (!split.ok && split.problem === 'quote_unterminated')) {
      this.#held.push(next);
      return [];
    }
    if (!split.ok || split.fields.length !== this.#columns) return this.#giveUp([next]);
    const line = this.#held[0]?.line ?? next.line;
    this.#held = [];
    return [{ ok: true, line, text, fields: split.fields }];
  }

  /** Refuses the first held line and reads the others, and `next`, anew. */
  #giveUp(next: readonly DecodedLine[]): FileRecord[] {
    const [first, ...others] = this.#held;
    this.#held = [];
    if (first === undefined) return this.#read(next);
    const refused: FileRecord = { ok: false, line: first.line, text: first.text, code: 'quote_unterminated' };
    return [refused, ...this.#read([...others, ...next])];
  }
}
