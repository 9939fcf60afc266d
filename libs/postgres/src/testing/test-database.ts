import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../migrate.ts';

const TEMPLATE = 'discador_template';

/** A database of its own for one test file, cloned from a template that is migrated once per server. */
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
    const has = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (has.rowCount === 0) await admin.query(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(withDatabase(serverUrl, TEMPLATE));
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
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
