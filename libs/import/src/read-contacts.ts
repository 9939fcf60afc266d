import { dropSeenPhones } from '@discador/domain/contacts/drop-seen-phones';
import type { GoodRow } from '@discador/domain/contacts/imported-row';
import type { FileCode, NoteCode, RejectionCode } from '@discador/domain/contacts/rejection-codes';
import { detectDelimiter } from './fields/detect-delimiter.ts';
import { splitFields } from './fields/split-fields.ts';
import { type FileRecord, RecordAssembler } from './lines/assemble-records.ts';
import { LineDecoder } from './lines/decode-line.ts';
import { SNIFF_BYTES, sniffFile } from './lines/sniff-file.ts';
import { LineSplitter, type PhysicalLine } from './lines/split-lines.ts';
import type { PhoneOptions } from './phone/normalize-phone.ts';
import { readRow, type RowShape, rowShape } from './rows/contact-row.ts';
import { PhoneSet } from './rows/phone-set.ts';

export type ReadOptions = PhoneOptions & {
  /** Bound of one record, 64 KiB by default. */
  readonly maxRecordBytes?: number;
};

export type HeaderLine = { readonly kind: 'header'; readonly line: number; readonly headers: readonly string[]; readonly delimiter: string };
export type ContactRow = GoodRow & { readonly kind: 'contact'; readonly line: number; readonly raw: string };
export type RejectedRow = {
  readonly kind: 'rejected';
  readonly line: number;
  /** The header of the column at fault; empty when it is the row, or the file, as a whole. */
  readonly column: string;
  readonly code: RejectionCode;
  /** The row as it stands in the file, cut at 4,096 characters. */
  readonly raw: string;
};
export type ReadSummary = {
  readonly kind: 'summary';
  readonly contacts: number;
  readonly rejected: number;
  readonly encoding: 'ascii' | 'utf-8' | 'latin-1';
  readonly notes: Readonly<Partial<Record<NoteCode, number>>>;
  /** Why the whole file was refused; then it gave no contact. */
  readonly refused: FileCode | null;
};
export type ReadEvent = HeaderLine | ContactRow | RejectedRow | ReadSummary;

const MAX_RECORD_BYTES = 64 * 1024;
const MOST_RAW = 4096;
/** Excel's own way of naming the delimiter, on a line before the header. */
const EXCEL_DELIMITER = /^sep=(.)$/i;

/** Reads a contact file of any size as it arrives: the header, then every row as a contact or a rejection in the order of the
 *  file, then a summary. Holds one record and the set of phones seen, nothing else; never throws on what a file contains.
 *  The same bytes and options give the same events, however the bytes are cut into chunks: a broken import is repeated on this.
 *
 *  Own line reading instead of csv-parse: that one fails the whole file at a record over its bound, and takes a quote that is
 *  never closed for the rest of the file. */
export async function* readContacts(stream: AsyncIterable<Buffer>, options: ReadOptions = {}): AsyncGenerator<ReadEvent, void, undefined> {
  const reader = new ContactReader(options);
  let sample: Buffer | null = Buffer.alloc(0);
  for await (const chunk of stream) {
    if (reader.isRefused) break;
    if (sample === null) {
      yield* reader.push(chunk);
      continue;
    }
    sample = Buffer.concat([sample, chunk]);
    if (sample.length < SNIFF_BYTES) continue;
    yield* reader.start(sample);
    sample = null;
  }
  if (sample !== null) yield* reader.start(sample);
  yield* reader.end();
}

class ContactReader {
  readonly #options: ReadOptions;
  readonly #lines: LineSplitter;
  readonly #maxRecordBytes: number;
  readonly #seen = new PhoneSet();
  readonly #notes: Partial<Record<NoteCode, number>> = {};
  #decoder = new LineDecoder(false);
  #delimiter: string | null = null;
  #table: { shape: RowShape; records: RecordAssembler } | null = null;
  #refused: FileCode | null = null;
  #contacts = 0;
  #rejected = 0;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#maxRecordBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
    this.#lines = new LineSplitter(this.#maxRecordBytes);
  }

  get isRefused(): boolean {
    return this.#refused !== null;
  }

  *start(firstBytes: Buffer): Generator<ReadEvent> {
    const sniffed = sniffFile(firstBytes.subarray(0, SNIFF_BYTES));
    if (!sniffed.isText) return yield this.#refuse('wrong_encoding', 1, '');
    this.#decoder = new LineDecoder(sniffed.markBytes > 0);
    yield* this.push(firstBytes.subarray(sniffed.markBytes));
  }

  *push(chunk: Buffer): Generator<ReadEvent> {
    for (const line of this.#lines.push(chunk)) {
      yield* this.#read(line);
      if (this.isRefused) return;
    }
  }

  *end(): Generator<ReadEvent> {
    if (!this.isRefused) for (const line of this.#lines.end()) yield* this.#read(line);
    for (const record of this.#table?.records.end() ?? []) yield* this.#row(record);
    if (!this.isRefused && this.#table === null) yield this.#refuse('file_empty', 1, '');
    const { encoding } = this.#decoder;
    yield { kind: 'summary', contacts: this.#contacts, rejected: this.#rejected, encoding, notes: this.#notes, refused: this.#refused };
  }

  *#read(line: PhysicalLine): Generator<ReadEvent> {
    if (this.#table === null) return yield* this.#header(line);
    for (const record of this.#table.records.push(line)) yield* this.#row(record);
  }

  *#header(line: PhysicalLine): Generator<ReadEvent> {
    const text = line.tooLong ? null : this.#decoder.decode(line.bytes);
    if (text?.trim() === '') return;
    const named = this.#delimiter === null ? EXCEL_DELIMITER.exec(text ?? '')?.[1] : undefined;
    if (named !== undefined) {
      this.#delimiter = named;
      return;
    }
    const delimiter = this.#delimiter ?? detectDelimiter(text ?? '');
    const split = splitFields(text ?? '', delimiter);
    const shape = split.ok ? rowShape(split.fields) : null;
    if (shape === null) return yield this.#refuse('header_missing', line.line, text ?? line.bytes.toString('latin1'));
    const records = new RecordAssembler(this.#decoder, delimiter, shape.headers.length, this.#maxRecordBytes);
    this.#table = { shape, records };
    yield { kind: 'header', line: line.line, headers: shape.headers, delimiter };
  }

  *#row(record: FileRecord): Generator<ReadEvent> {
    if (this.#table === null) return;
    const { line, text } = record;
    if (!record.ok) return yield this.#reject(line, '', record.code, text);
    if (record.fields.every((field) => field.trim() === '')) return;
    const read = readRow(record.fields, this.#table.shape, this.#options);
    const row = read.ok ? dropSeenPhones(read, (phone) => this.#seen.has(phone), 'duplicate_in_file') : read;
    if (!row.ok) return yield this.#reject(line, row.column, row.code, text);
    for (const phone of row.contact.phones) this.#seen.add(phone);
    for (const { code } of row.notes) this.#notes[code] = (this.#notes[code] ?? 0) + 1;
    this.#contacts += 1;
    yield { ...row, kind: 'contact', line, raw: shown(text) };
  }

  #refuse(code: FileCode, line: number, text: string): RejectedRow {
    this.#refused = code;
    return this.#reject(line, '', code, text);
  }

  #reject(line: number, column: string, code: RejectionCode, text: string): RejectedRow {
    this.#rejected += 1;
    return { kind: 'rejected', line, column, code, raw: shown(text) };
  }
}

/** What PostgreSQL can store (no NUL) and a person can look at. */
function shown(text: string): string {
  const cut = text.length > MOST_RAW ? text.slice(0, MOST_RAW) : text;
  return cut.includes('\0') ? cut.replaceAll('\0', '\u2400') : cut;
}
