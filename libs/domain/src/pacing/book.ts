import type { Id } from './types.ts';

/** A map from ids to records as plain JSON, made of small arrays, so that a changed copy costs two of them and not a copy of everything. */
export interface Book<T extends { readonly id: Id }> {
  readonly size: number;
  readonly shelves: readonly (Shelf<T> | null)[];
}

type Shelf<T> = readonly (readonly T[] | null)[];

/** Shelves, and places on each: 1,024 places keep 4,000 calls at four to a place. */
const WIDTH = 32;
const EMPTY: readonly null[] = Array<null>(WIDTH).fill(null);

export function emptyBook<T extends { readonly id: Id }>(): Book<T> {
  return { size: 0, shelves: EMPTY };
}

/** @param id  nothing is found under none */
export function find<T extends { readonly id: Id }>(book: Book<T>, id: Id | undefined): T | undefined {
  if (id === undefined) return undefined;
  const place = placeOf(id);
  const records = book.shelves[place >>> 5]?.[place & 31];
  if (!records) return undefined;
  for (const record of records) if (record.id === id) return record;
  return undefined;
}

/** @returns a book that holds the record in place of one with the same id */
export function put<T extends { readonly id: Id }>(book: Book<T>, record: T): Book<T> {
  const place = placeOf(record.id);
  const before = book.shelves[place >>> 5]?.[place & 31];
  const others = before ? before.filter(({ id }) => id !== record.id) : [];
  const known = (before?.length ?? 0) - others.length;
  others.push(record);
  return { size: book.size + 1 - known, shelves: changed(book.shelves, place, others) };
}

/** @returns the book without that record; the same book when it holds none */
export function drop<T extends { readonly id: Id }>(book: Book<T>, id: Id): Book<T> {
  if (!find(book, id)) return book;
  const place = placeOf(id);
  const others = (book.shelves[place >>> 5]?.[place & 31] ?? []).filter((record) => record.id !== id);
  return { size: book.size - 1, shelves: changed(book.shelves, place, others.length > 0 ? others : null) };
}

/** Shows each record, in no order that means anything. */
export function each<T extends { readonly id: Id }>(book: Book<T>, show: (record: T) => void): void {
  for (const shelf of book.shelves) {
    if (shelf) for (const records of shelf) if (records) for (const record of records) show(record);
  }
}

function changed<T>(shelves: readonly (Shelf<T> | null)[], place: number, records: readonly T[] | null): (Shelf<T> | null)[] {
  const shelf = (shelves[place >>> 5] ?? EMPTY).slice();
  shelf[place & 31] = records;
  const copy = shelves.slice();
  copy[place >>> 5] = shelf;
  return copy;
}

/** FNV-1a, folded to ten bits: every character counts, because ids that are made in turn begin alike. */
function placeOf(id: Id): number {
  const text = String(id);
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & 1023;
}
