import { stringify } from 'csv-stringify/sync';
import { errorColumns } from '@discador/domain/contacts/contact-columns';
import { splitFields } from './fields/split-fields.ts';

export type RejectedLine = { readonly column: string; readonly code: string; readonly raw: string };

const MARK = '\ufeff';

/** Writes rejected rows as a file to be corrected and sent again: the columns and the delimiter of the original after two columns
 *  that say what is wrong (first, so that rows with a wrong number of columns do not move them). Starts with a byte order mark,
 *  which Excel needs; cells that a spreadsheet would run as formulas get an apostrophe, which the next import takes off. */
export async function* rejectedCsv(
  rows: AsyncIterable<readonly RejectedLine[]>,
  original: { readonly headers: readonly string[]; readonly delimiter: string },
): AsyncGenerator<string> {
  const write = (records: string[][]): string => stringify(records, { delimiter: original.delimiter, escape_formulas: true });
  yield MARK + write([[...errorColumns, ...original.headers]]);
  for await (const batch of rows) {
    yield write(batch.map(({ column, code, raw }) => [column, code, ...fieldsOf(raw, original.delimiter)]));
  }
}

/** The fields of a row as far as they can be told; a row with broken quotes is one field. */
function fieldsOf(raw: string, delimiter: string): string[] {
  const split = splitFields(raw, delimiter);
  return split.ok ? split.fields : [raw];
}
