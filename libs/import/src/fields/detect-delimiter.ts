import { contactColumns } from '@discador/domain/contacts/contact-columns';
import { splitFields } from './split-fields.ts';

const CANDIDATES = [';', ',', '\t', '|'] as const;

/** The delimiter under which a header line reads best: most columns that we know, then most columns. */
export function detectDelimiter(header: string): string {
  const scored = CANDIDATES.map((delimiter) => ({ delimiter, score: score(header, delimiter) }));
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

function score(header: string, delimiter: string): number {
  const split = splitFields(header, delimiter);
  if (!split.ok) return -1;
  const known = contactColumns(split.fields).filter((role) => role.kind !== 'extra' && role.kind !== 'ignored').length;
  return known * 1000 + Math.min(split.fields.length, 999);
}
