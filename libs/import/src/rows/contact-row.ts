import { type ColumnRole, contactColumns, phoneColumns } from '@discador/domain/contacts/contact-columns';
import type { BadRow, GoodRow, RowNote } from '@discador/domain/contacts/imported-row';
import type { RowCode } from '@discador/domain/contacts/rejection-codes';
import { normalizePhone, type PhoneOptions } from '../phone/normalize-phone.ts';

const MOST_NAME = 200;
const MOST_PHONES = 10;
const MOST_EXTRA = 20;
const MOST_EXTRA_NAME = 60;
const MOST_EXTRA_VALUE = 500;

const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;
/** The list of rejected rows puts an apostrophe before what a spreadsheet would run as a formula; here it goes again. */
const NEUTRALISED = /^'(?=[=+\-@\t\r])/;

type Column = { readonly index: number; readonly header: string };

/** The columns of one file, by what they hold. */
export type RowShape = {
  readonly headers: readonly string[];
  readonly name: Column | null;
  readonly area: Column | null;
  readonly phones: readonly Column[];
  readonly extra: readonly Column[];
};

/** Reads a header line; without a phone column it is no header.
 *  @returns null when no column is a phone */
export function rowShape(headers: readonly string[]): RowShape | null {
  const trimmed = headers.map((header) => header.trim());
  const roles = contactColumns(trimmed);
  const column = (index: number): Column => ({ index, header: trimmed[index] ?? '' });
  const only = (kind: ColumnRole['kind']): Column[] => roles.flatMap((role, index) => (role.kind === kind ? [column(index)] : []));
  const phones = phoneColumns(roles).slice(0, MOST_PHONES).map(column);
  if (phones.length === 0) return null;
  return { headers: trimmed, name: only('name')[0] ?? null, area: only('area')[0] ?? null, phones, extra: only('extra') };
}

/** Turns the fields of one row into a contact. The first phone that is not empty is the main one and must be good; an alternate
 *  that is no good is left out and noted, for its contact can be called without it. */
export function readRow(fields: readonly string[], shape: RowShape, options: PhoneOptions): GoodRow | BadRow {
  if (fields.length !== shape.headers.length) return { ok: false, column: '', code: 'column_count' };
  const controls = fields.findIndex((field) => CONTROLS.test(field));
  if (controls !== -1) return { ok: false, column: shape.headers[controls] ?? '', code: 'control_characters' };
  const text = (column: Column): string => (fields[column.index] ?? '').replace(NEUTRALISED, '');
  const name = shape.name === null ? '' : text(shape.name).replace(/\s+/g, ' ').trim().normalize('NFC');
  if (name.length > MOST_NAME) return { ok: false, column: shape.name?.header ?? '', code: 'name_too_long' };
  const phones = readPhones(shape, text, options);
  if ('code' in phones) return { ok: false, ...phones };
  const extra = readExtra(shape.extra, text);
  const notes = extra.isCut ? [...phones.notes, { column: '', code: 'extra_cut' as const }] : phones.notes;
  const contact = { name, phones: phones.phones, ...(extra.values && { extra: extra.values }) };
  return { ok: true, contact, notes, phoneColumns: phones.columns };
}

type ReadPhones = { phones: string[]; columns: string[]; notes: RowNote[] } | { column: string; code: RowCode };

function readPhones(shape: RowShape, text: (column: Column) => string, options: PhoneOptions): ReadPhones {
  const rowArea = shape.area === null ? '' : text(shape.area).replace(/\D/g, '').replace(/^0/, '');
  const rowOptions = rowArea === '' ? options : { ...options, areaCode: rowArea };
  const found = { phones: [] as string[], columns: [] as string[], notes: [] as RowNote[] };
  for (const column of shape.phones) {
    const phone = normalizePhone(text(column), rowOptions);
    if (!phone.ok) {
      if (phone.code === 'phone_empty') continue;
      if (found.phones.length === 0) return { column: column.header, code: phone.code };
      found.notes.push({ column: column.header, code: phone.code });
    } else if (found.phones.includes(phone.e164)) {
      found.notes.push({ column: column.header, code: 'alternate_duplicate' });
    } else {
      found.phones.push(phone.e164);
      found.columns.push(column.header);
      for (const code of phone.notes) found.notes.push({ column: column.header, code });
    }
  }
  return found.phones.length > 0 ? found : { column: shape.phones[0]?.header ?? '', code: 'phone_empty' };
}

function readExtra(columns: readonly Column[], text: (column: Column) => string): { values: Record<string, string> | null; isCut: boolean } {
  const filled = columns.map((column) => [column.header.slice(0, MOST_EXTRA_NAME), text(column).trim()] as const).filter(([, value]) => value !== '');
  if (filled.length === 0) return { values: null, isCut: false };
  const kept = filled.slice(0, MOST_EXTRA);
  const isCut = kept.length < filled.length || kept.some(([, value]) => value.length > MOST_EXTRA_VALUE);
  return { values: Object.fromEntries(kept.map(([header, value]) => [header, value.slice(0, MOST_EXTRA_VALUE)])), isCut };
}
