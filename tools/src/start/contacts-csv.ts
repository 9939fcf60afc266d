import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { demoContacts } from '../demo-data/demo-contacts.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import type { StartOptions } from './options.ts';

/** The file to import: the caller's, cut to its first `--contacts` rows; or the demo's, made with as many contacts as wanted. */
export async function readContactsCsv({ csv, contacts }: Pick<StartOptions, 'csv' | 'contacts'>): Promise<Buffer> {
  if (csv === undefined && contacts !== undefined) return demoContacts(contacts);
  const path = csv ?? join(REPO_ROOT, 'demo', 'contacts.csv');
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new StackError(`--csv ${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`, EXIT.usage);
  });
  return contacts === undefined ? content : firstRows(content, contacts);
}

/** The header and the first `rows` lines after it, as bytes: the encoding is the importer's business. */
export function firstRows(content: Buffer, rows: number): Buffer {
  let end = -1;
  for (let line = 0; line <= rows; line++) {
    const next = content.indexOf(0x0a, end + 1);
    if (next < 0) return content;
    end = next;
  }
  return content.subarray(0, end + 1);
}
