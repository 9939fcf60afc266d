import type { NoteCode, RowCode } from './rejection-codes.ts';

export type ImportedContact = {
  /** Empty when the file has none. */
  readonly name: string;
  /** E.164 with plus, the main one first, 1–10. */
  readonly phones: readonly string[];
  /** Columns that we do not know, by their header. */
  readonly extra?: Readonly<Record<string, string>>;
};

/** `column` is the header as the file has it; empty for the row as a whole. */
export type RowNote = { readonly column: string; readonly code: NoteCode };

export type GoodRow = {
  readonly ok: true;
  readonly contact: ImportedContact;
  /** Headers that the phones came from, in the same order. */
  readonly phoneColumns: readonly string[];
  readonly notes: readonly RowNote[];
};

export type BadRow = { readonly ok: false; readonly column: string; readonly code: RowCode };
