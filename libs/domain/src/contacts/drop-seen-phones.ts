import type { BadRow, GoodRow } from './imported-row.ts';
import type { RowCode } from './rejection-codes.ts';

/** Takes out of a contact the phones that somebody else has already: without its main phone the row is a duplicate, without an
 *  alternate it is a contact with one phone less, and a note.
 *  @param isSeen  whether a phone belongs to an earlier contact
 *  @param code  what to call the row when its main phone is seen */
export function dropSeenPhones(row: GoodRow, isSeen: (phone: string) => boolean, code: RowCode): GoodRow | BadRow {
  const seen = row.contact.phones.map(isSeen);
  if (seen[0]) return { ok: false, column: row.phoneColumns[0] ?? '', code };
  if (!seen.includes(true)) return row;
  const dropped = row.phoneColumns.filter((_, index) => seen[index]);
  return {
    ok: true,
    contact: { ...row.contact, phones: row.contact.phones.filter((_, index) => !seen[index]) },
    phoneColumns: row.phoneColumns.filter((_, index) => !seen[index]),
    notes: [...row.notes, ...dropped.map((column) => ({ column, code: 'alternate_duplicate' as const }))],
  };
}
