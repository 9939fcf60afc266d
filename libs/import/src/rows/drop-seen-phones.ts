import type { RowCode } from '@discador/domain/contacts/rejection-codes';
import type { ReadRow } from './contact-row.ts';

type GoodRow = Extract<ReadRow, { ok: true }>;

/** Takes out of a contact the phones that somebody else has already: without its main phone the row is a duplicate, without an
 *  alternate it is a contact with one phone less, and a note.
 *  @param isSeen  whether a phone belongs to an earlier contact
 *  @param code  what to call the row when its main phone is seen */
export function dropSeenPhones(row: GoodRow, isSeen: (phone: string) => boolean, code: RowCode): ReadRow {
  const seen = row.contact.phones.map(isSeen);
  if (seen[0]) return { ok: false, column: row.phoneColumns[0] ?? '', code };
  if (!seen.includes(true)) return row;
  const dropped = row.phoneColumns.filter((_, index) => seen[index]);
  return {
    ok: true,
    contact: { ...row.contact, phones: row.contact.phones.filter((_, index) => !seen[index]) },
    notes: [...row.notes, ...dropped.map((column) => ({ column, code: 'alternate_duplicate' as const }))],
    phoneColumns: row.phoneColumns.filter((_, index) => !seen[index]),
  };
}
