import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { required } from '@discador/runtime/testing/required';
import pg from 'pg';
import { migrate } from './migrate.ts';

let admin: pg.Client;
let own: pg.Client;
let name: string;
let url: string;
let folder: string;

beforeEach(async () => {
  const server = new URL(required('DATABASE_URL'));
  admin = new pg.Client({ connectionString: server.toString() });
  await admin.connect();
  name = `test_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  server.pathname = `/${name}`;
  url = server.toString();
  own = new pg.Client({ connectionString: url });
  await own.connect();
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
});
afterEach(async () => {
  await own.end();
  await admin.query(`DROP DATABASE ${name}`);
  await admin.end();
  rmSync(folder, { recursive: true });
});

const write = (file: string, sql: string): void => writeFileSync(join(folder, file), sql);
const here = () => migrate(url, pathToFileURL(`${folder}/`));
const applied = async (): Promise<string[]> => (await own.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name')).rows.map((row) => row.name);
const exists = async (table: string): Promise<boolean> => (await own.query<{ found: string | null }>('SELECT to_regclass($1) AS found', [table])).rows[0]?.found !== null;

test('two processes at once apply every migration once', async () => {
  const script = `import { migrate } from ${JSON.stringify(new URL('./migrate.ts', import.meta.url).href)}; console.log(JSON.stringify(await migrate(process.argv[1])));`;
  const run = () => promisify(execFile)(process.execPath, ['--conditions=source', '--input-type=module-typescript', '-e', script, url], { timeout: 30_000 });
  const results = await Promise.all([run(), run()]);
  const lists = results.map(({ stdout }) => (JSON.parse(stdout) as { applied: string[] }).applied);
  expect(lists.map((list) => list.length).sort()[0]).toBe(0);
  expect(lists.flat()).toEqual(await applied());
  expect(lists.flat()[0]).toBe('0001_init.sql');
  expect(await migrate(url)).toEqual({ applied: [] });
}, 30_000);

test('a failing migration names itself, leaves nothing half done, keeps what came before, and is taken up again', async () => {
  write('0001_good.sql', 'CREATE TABLE good (id int);');
  write('0002_bad.sql', 'CREATE TABLE half (id int); INSERT INTO nowhere VALUES (1);');
  write('0003_later.sql', 'CREATE TABLE later (id int);');
  write('notes.sql', 'not a migration');
  await expect(here()).rejects.toThrow(/migration 0002_bad\.sql failed: .*nowhere/);
  expect([await applied(), await exists('good'), await exists('half'), await exists('later')]).toEqual([['0001_good.sql'], true, false, false]);
  write('0002_bad.sql', 'CREATE TABLE half (id int);');
  expect(await here()).toEqual({ applied: ['0002_bad.sql', '0003_later.sql'] });
});

test('a connection that goes in mid-migration is an error of that migration, not the end of the process', async () => {
  write('0001_slow.sql', 'CREATE TABLE slow (id int); SELECT pg_terminate_backend(pg_backend_pid());');
  await expect(here()).rejects.toThrow(/migration 0001_slow\.sql failed/);
  expect([await exists('slow'), await applied()]).toEqual([false, []]);
});
