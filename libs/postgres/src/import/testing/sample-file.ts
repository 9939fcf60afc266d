import type { ImportEvent } from '../run-import.ts';

export const SAMPLE_ROWS = 5000;
/** Every 50th row is bad, every 7th has an alternate phone. */
const isBad = (line: number): boolean => line % 50 === 0;

/** What a reader would say of a file of 5,000 rows.
 *  @param at  called before each row; a promise that never settles makes the reader hang there */
export async function* sampleFile(at: (line: number) => Promise<void> | void = () => undefined): AsyncGenerator<ImportEvent> {
  yield { kind: 'header', headers: ['nome', 'fone', 'fone2'], delimiter: ';' };
  for (let line = 2; line < SAMPLE_ROWS + 2; line++) {
    await at(line);
    yield isBad(line) ? { kind: 'rejected', line, column: 'fone', code: 'phone_empty', raw: `N${line};;` } : contact(line);
  }
  yield { kind: 'summary', refused: null };
}

function contact(line: number): ImportEvent {
  const main = `+5511${910_000_000 + line}`;
  const alternate = line % 7 === 0 ? [`+5521${910_000_000 + line}`] : [];
  return {
    ok: true, kind: 'contact', line, raw: `N${line}`, phoneColumns: ['fone', 'fone2'].slice(0, 1 + alternate.length), notes: [],
    contact: { name: `N${line} "é"`, phones: [main, ...alternate], extra: { city: 'São Paulo' } },
  };
}
