import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

const FOLDER = new URL('../migrations/', import.meta.url);
const LOCK = 7_305_114_221; // any constant: one migration at a time, whoever starts it

/** Brings the database to the newest schema: every `NNNN_name.sql` not yet applied, in order, each in a transaction.
 *  Safe to run from several processes at once (they queue on an advisory lock) and to repeat.
 *  @param databaseUrl postgres:// URL of an existing database
 *  @param folder of the migrations; the product's own unless said otherwise
 *  @returns the names applied by this call
 *  @throws the database's error, naming the migration; what came before it stays applied */
export async function migrate(databaseUrl: string, folder: URL = FOLDER): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'discador-migrate' });
  client.on('error', () => undefined); // the statement under way reports it; without a listener the process would end
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const done = await client.query<{ name: string }>('SELECT name FROM schema_migrations');
    const known = new Set(done.rows.map((row) => row.name));
    const files = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
    const applied: string[] = [];
    for (const name of files) {
      if (known.has(name)) continue;
      await applyOne(client, name, await readFile(new URL(name, folder), 'utf8'));
      applied.push(name);
    }
    return { applied };
  } finally {
    await client.end();
  }
}

async function applyOne(client: pg.Client, name: string, sql: string): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
