import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { migrate } from '../migrate.ts';

const MIGRATIONS = new URL('../../migrations/', import.meta.url);

/** A database of its own for one test file, cloned from a template that is migrated once per server and wording of the migrations. */
export interface TestDatabase {
  url: string;
  pool: pg.Pool;
  /** Drops the database; fails when the test left a connection of its own open. */
  drop(): Promise<void>;
}

/** Clones the template into a fresh database.
 *  @param serverUrl DATABASE_URL of the test stack
 *  @throws when the server is away */
export async function createTestDatabase(serverUrl = requiredUrl()): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  try {
    await admin.query('SELECT pg_advisory_lock(99)');
    const template = templateName();
    const { rows } = await admin.query<{ datname: string }>(`SELECT datname FROM pg_database WHERE datname ~ '^discador_template'`);
    for (const { datname } of rows) if (datname !== template) await admin.query(`DROP DATABASE ${datname}`);
    if (!rows.some(({ datname }) => datname === template)) await admin.query(`CREATE DATABASE ${template}`);
    await migrate(withDatabase(serverUrl, template));
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  } finally {
    await admin.end();
  }
  const url = withDatabase(serverUrl, name);
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      const client = new pg.Client({ connectionString: serverUrl });
      await client.connect();
      try {
        await client.query(`DROP DATABASE ${name}`);
      } finally {
        await client.end();
      }
    },
  };
}

/** Named after what the migrations say: a constraint taken out of one must be gone from the tests' databases too. */
function templateName(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(MIGRATIONS).sort()) hash.update(file).update(readFileSync(new URL(file, MIGRATIONS)));
  return `discador_template_${hash.digest('hex').slice(0, 12)}`;
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.toString();
}

function requiredUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new Error('DATABASE_URL is not set: run the tests with npm run test:it, which starts the stack');
  return url;
}
