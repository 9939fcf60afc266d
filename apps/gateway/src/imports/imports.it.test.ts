import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Import } from '@discador/contracts/http/imports';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'discador-imports-test-'));
const MAX_BYTES = 3_000_000;
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway({ importFolder: folder, importMaxBytes: MAX_BYTES });
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
});

const newCampaign = async (): Promise<string> => (await gateway.ask('POST', '/v1/campaigns', { name: 'X', queue: 'sales' })).body.campaignId;

async function send(campaignId: string, file: string | Buffer | Readable, { key = '', query = '', type = 'text/csv; charset=utf-8' } = {}) {
  const headers = { 'content-type': type, ...(key !== '' && { 'idempotency-key': key }) };
  const url = `/v1/campaigns/${campaignId}/contacts/import${query}`;
  const reply = await gateway.service.nest.inject({ method: 'POST', url, headers, payload: file });
  return { status: reply.statusCode, body: JSON.parse(reply.payload) };
}

/** Asks until the import has ended: its answers are the only sign of it. */
async function ended(id: string): Promise<Import> {
  for (;;) {
    const { body } = await gateway.ask('GET', `/v1/imports/${id}`);
    if (body.status !== 'running') return body;
  }
}

const FILE = ['Nome;Telefone;Telefone2', 'Ana;(11) 91234-5671;', 'Bia;11 9CASA;', 'Caio;912345672;(11) 8765-4321', 'Davi;11912345671;', '"=1+1";;'].join('\n');

test('a file is imported, and its bad rows come back as a file', async () => {
  const campaignId = await newCampaign();
  const sent = await send(campaignId, FILE, { query: '?areaCode=11&fixOldMobiles=true' });
  expect(sent).toMatchObject({ status: 202, body: { campaignId, rowsRead: 0 } });
  expect(await ended(sent.body.id)).toMatchObject({
    status: 'done', error: null, rowsRead: 5, imported: 2, rejected: 3, noteCounts: { area_added: 1, nine_added: 1 },
    errors: [
      { line: 3, column: 'Telefone', code: 'phone_characters' },
      { line: 5, column: 'Telefone', code: 'duplicate_in_file' },
      { line: 6, column: 'Telefone', code: 'phone_empty' },
    ],
    notes: [{ line: 4, column: 'Telefone', code: 'area_added' }, { line: 4, column: 'Telefone2', code: 'nine_added' }],
  });
  const { rows } = await gateway.db.query('SELECT name, phones FROM contacts WHERE campaign_id = $1 ORDER BY contact_id', [campaignId]);
  expect(rows).toEqual([{ name: 'Ana', phones: ['+5511912345671'] }, { name: 'Caio', phones: ['+5511912345672', '+5511987654321'] }]);

  const rejected = await gateway.ask('GET', `/v1/imports/${sent.body.id}/rejected.csv`);
  expect(rejected.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="rejected-${sent.body.id}.csv"` });
  expect(rejected.body.split('\n')).toEqual([
    '\ufeffimport_error_column;import_error_code;Nome;Telefone;Telefone2', 'Telefone;phone_characters;Bia;11 9CASA;',
    'Telefone;duplicate_in_file;Davi;11912345671;', "Telefone;phone_empty;'=1+1;;", '',
  ]);
  await until(() => readdirSync(folder).length === 0);
});

test('a repeat with the same key is the same import; with another file or options it is a conflict', async () => {
  const campaignId = await newCampaign();
  const first = await send(campaignId, FILE, { key: 'k1' });
  await ended(first.body.id);
  const again = await send(campaignId, FILE, { key: 'k1' });
  expect(again).toMatchObject({ status: 202, body: { id: first.body.id, status: 'done', imported: 1 } });
  expect(await send(campaignId, `${FILE}\n`, { key: 'k1' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(await send(campaignId, FILE, { key: 'k1', query: '?areaCode=11' })).toMatchObject({ status: 409 });
  const other = await send(campaignId, FILE);
  expect(await ended(other.body.id)).toMatchObject({ imported: 0, errors: expect.arrayContaining([{ line: 2, column: 'Telefone', code: 'duplicate_in_campaign' }]) });
  await until(() => readdirSync(folder).length === 0);
});

test.each([
  ['file_empty', ''],
  ['header_missing', 'Ana;11912345671\n'],
  ['wrong_encoding', Buffer.from('\ufeffnome;fone\n', 'utf16le')],
])('a file that is none of contacts fails as a whole: %s', async (code, file) => {
  const sent = await send(await newCampaign(), file);
  expect(await ended(sent.body.id)).toMatchObject({ status: 'failed', error: code, imported: 0, rejected: 1, errors: [{ line: 1, column: '', code }] });
});

test('what is wrong with a request is said before anything is stored', async () => {
  const campaignId = await newCampaign();
  expect(await send('019a0000-0000-7000-8000-000000000000', FILE)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await send('nope', FILE)).toMatchObject({ status: 400 });
  expect(await send(campaignId, FILE, { query: '?areaCode=20&region=XX' })).toMatchObject({ status: 400, body: { errors: [{ field: 'region' }, { field: 'areaCode' }] } });
  expect(await send(campaignId, FILE, { query: '?delimiter=x' })).toMatchObject({ status: 400, body: { errors: [{ field: 'delimiter', code: 'unknown_field' }] } });
  expect(await send(campaignId, FILE, { key: 'two words' })).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
  expect(await send(campaignId, '{}', { type: 'application/json' })).toMatchObject({ status: 415 });
  expect(await send(campaignId, Buffer.alloc(MAX_BYTES + 1, 'x'))).toMatchObject({ status: 413, body: { code: 'too_large' } });
  await gateway.db.query(`UPDATE campaigns SET status = 'finished' WHERE campaign_id = $1`, [campaignId]);
  expect(await send(campaignId, FILE)).toMatchObject({ status: 409 });
  expect(await gateway.ask('GET', '/v1/imports/019a0000-0000-7000-8000-000000000000')).toMatchObject({ status: 404 });
  await until(() => readdirSync(folder).length === 0);
});

test('a line of two megabytes is rejected beside its neighbours', async () => {
  const file = Readable.from([Buffer.from('nome,fone\nAna,11912345671\n'), Buffer.alloc(2_000_000, 'x'), Buffer.from('\nBia,11912345672\n')]);
  const sent = await send(await newCampaign(), file);
  expect(await ended(sent.body.id)).toMatchObject({ imported: 2, rejected: 1, errors: [{ line: 3, column: '', code: 'line_too_long' }] });
});

test('an upload that breaks off leaves nothing', async () => {
  const campaignId = await newCampaign();
  const { port } = gateway.service.nest.getHttpServer().address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(`POST /v1/campaigns/${campaignId}/contacts/import HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n${FILE}`);
  await until(() => readdirSync(folder).length === 1);
  socket.destroy();
  await until(() => readdirSync(folder).length === 0);
  expect((await gateway.db.query('SELECT 1 FROM import_jobs WHERE campaign_id = $1', [campaignId])).rowCount).toBe(0);
});

test('an import that a crash cut short goes on by itself at the next start', async () => {
  const campaignId = await newCampaign();
  const id = '019a0000-0000-7000-8000-0000000000aa';
  const options = JSON.stringify({ region: 'BR', fixOldMobiles: false });
  const hash = createHash('sha256').update(FILE).digest('hex');
  // As a killed gateway leaves it: the first row committed, the file in the folder.
  await gateway.db.query(
    `INSERT INTO import_jobs (job_id, campaign_id, idempotency_key, file_sha256, options, rows_read, imported) VALUES ($1, $2, 'k', $3, $4, 1, 1)`, [id, campaignId, hash, options]);
  writeFileSync(join(folder, `${id}.csv`), FILE);
  writeFileSync(join(folder, 'half.part'), 'x');
  const { ImportRunner } = await import('./import-runner.ts');
  gateway.service.nest.get(ImportRunner).resume();
  expect(await ended(id)).toMatchObject({ status: 'done', rowsRead: 5, imported: 1, rejected: 4 });
  await until(() => readdirSync(folder).length === 0);
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
