import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numbers } from './numbers.ts';
import { settledDifferences } from './recorded-calls.ts';
import { runStart, type Ended } from './run-start.ts';
import { openSystem, type System } from './system.ts';

/** How each good number ends at the simulated carrier, by its last digit. */
const ENDS: Record<string, string[]> = {
  1: ['answered', 'abandoned'], 2: ['busy'], 4: ['congestion'], 5: ['invalid_number'], 7: ['answered', 'abandoned'], 8: ['rejected'], 9: ['answered', 'abandoned'],
};
const good = ['011', '011', '111', '002', '004', '005', '017', '008', '019', '019'].flatMap((digits) => numbers(1, digits));
const [known = ''] = good;
const HEADER = 'Nome do Cliente;Número do Telefone;Observação';
/** Rows of a file as people send it, each with what its rejection must say. */
const dirty: [row: string, column: string, code: string][] = [
  ['Injeção;"11912345671\r\nAction: Originate";x', 'Número do Telefone', 'phone_characters'],
  ['Letras;11 9CASA-2041;x', 'Número do Telefone', 'phone_characters'],
  [`Longo;${'1234567890'.repeat(4)};x`, 'Número do Telefone', 'phone_too_long'],
  ['Vazio;;x', 'Número do Telefone', 'phone_empty'],
  ['Coluna a menos;11912345671', '', 'column_count'],
  ['Coluna;a;mais;11912345671', '', 'column_count'],
  [`Repetido;${known};x`, 'Número do Telefone', 'duplicate_in_file'],
];

let folder: string;
let run: Ended;
let system: System;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'discador-e2e-'));
  const rows = [HEADER, ...good.map((phone, index) => `João Conceição ${index};${phone};à tarde`), ...dirty.map(([row]) => row)];
  writeFileSync(join(folder, 'contatos.csv'), Buffer.from(`${rows.join('\n')}\n`, 'latin1'));
  run = await runStart(['--csv', join(folder, 'contatos.csv')]).ended;
  system = await openSystem();
}, 120_000);

afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('good rows are imported and bad ones rejected, each with its line, column and code', async () => {
  expect(run.result.contacts).toMatchObject({ imported: good.length, rejected: dirty.length });
  const { rows } = await system.db.query<{ line: string; column_name: string; code: string }>(
    'SELECT line, column_name, code FROM import_rejections JOIN import_jobs USING (job_id) WHERE campaign_id = $1 ORDER BY line',
    [run.result.campaignId],
  );
  const first = good.length + 2;
  // The first dirty row holds a line end: those after it begin one line later.
  const expected = dirty.map(([, column, code], index) => [first + index + (index > 0 ? 1 : 0), column, code]);
  expect(rows.map(({ line, column_name: column, code }) => [Number(line), column, code])).toEqual(expected);
});

test('Latin-1 names are stored as what they are', async () => {
  const { rows } = await system.db.query<{ name: string }>('SELECT DISTINCT regexp_replace(name, \' \\d+$\', \'\') AS name FROM contacts WHERE campaign_id = $1', [run.result.campaignId]);
  expect(rows).toEqual([{ name: 'João Conceição' }]);
});

test('every good number is dialled, nothing else, and ends as its digit says', async () => {
  const { rows } = await system.db.query<{ phone: string; disposition: string }>('SELECT phone, disposition FROM report.attempts WHERE campaign_id = $1', [run.result.campaignId]);
  expect(new Set(rows.map(({ phone }) => phone))).toEqual(new Set(good));
  expect(rows.filter(({ phone, disposition }) => !ENDS[phone.at(-1) ?? '']?.includes(disposition))).toEqual([]);
  expect(run).toMatchObject({ code: 0, result: { ok: true, attempts: { total: rows.length } } });
});

test('the PBX’s file and report.attempts differ nowhere', async () => {
  expect(await settledDifferences(system, run.result.campaignId, true)).toEqual([]);
});
