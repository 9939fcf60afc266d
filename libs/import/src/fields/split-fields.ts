export type SplitFields =
  | { readonly ok: true; readonly fields: string[] }
  | { readonly ok: false; readonly problem: 'quote_unterminated' | 'quote_misplaced' };

/** Splits one record into its fields (RFC 4180; a quote inside an unquoted field is a character like any other).
 *  @returns `quote_unterminated` when the record ends inside quotes: the next physical line may belong to it */
export function splitFields(record: string, delimiter: string): SplitFields {
  if (!record.includes('"')) return { ok: true, fields: record.split(delimiter) };
  const fields: string[] = [];
  let at = 0;
  while (at <= record.length) {
    const field = record[at] === '"' ? quotedField(record, at, delimiter) : plainField(record, at, delimiter);
    if (typeof field === 'string') return { ok: false, problem: field };
    fields.push(field.text);
    at = field.end + 1;
  }
  return { ok: true, fields };
}

type Field = { readonly text: string; readonly end: number };

function plainField(record: string, start: number, delimiter: string): Field {
  const found = record.indexOf(delimiter, start);
  const end = found === -1 ? record.length : found;
  return { text: record.slice(start, end), end };
}

function quotedField(record: string, start: number, delimiter: string): Field | 'quote_unterminated' | 'quote_misplaced' {
  let close = record.indexOf('"', start + 1);
  while (close !== -1 && record[close + 1] === '"') close = record.indexOf('"', close + 2);
  if (close === -1) return 'quote_unterminated';
  const end = close + 1;
  if (end < record.length && record[end] !== delimiter) return 'quote_misplaced';
  return { text: record.slice(start + 1, close).replaceAll('""', '"'), end };
}
