import { Database } from '@discador/postgres/database';
import { createTestDatabase, type TestDatabase } from '@discador/postgres/testing/test-database';
import type pg from 'pg';
import { pino } from 'pino';

/** When every world begins: time passes only when the scheduler says so, and a world played again sees the same instants. */
const BEGINNING_MS = Date.UTC(2026, 2, 2, 12);

// The statements are the product's, letter by letter; only what `now()` and `clock_timestamp()` mean is ours, by the search path. Moving the stored times
// back instead would not move those that a process holds in its hands.
const CLOCK = `
CREATE SCHEMA simulation;
CREATE FUNCTION simulation.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT to_timestamp(current_setting('simulation.now_ms')::float8 / 1000) $$;
CREATE FUNCTION simulation.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT simulation.now() $$`;
const DEFAULTS = `
ALTER TABLE open_attempts ALTER claimed_at SET DEFAULT now();
ALTER TABLE call_attempts ALTER claimed_at SET DEFAULT now();
ALTER TABLE contacts ALTER due_at SET DEFAULT now();
ALTER TABLE slices ALTER created_at SET DEFAULT now()`;
const EMPTY = `
DELETE FROM open_attempts; DELETE FROM call_attempts; DELETE FROM attempt_evidence; DELETE FROM slices; DELETE FROM campaign_deltas;
DELETE FROM pbx_cel; DELETE FROM pbx_record_positions; DELETE FROM pbx_nodes; DELETE FROM campaigns`;

/** As many statements at once as a step may begin. */
const CONNECTIONS = 2;

/** A database of its own in which one world after the other is played. */
export class Lane {
  readonly database: Database;
  readonly #own: TestDatabase;
  readonly #connections = new Set<pg.PoolClient>();
  #nowMs = BEGINNING_MS;

  private constructor(own: TestDatabase) {
    this.#own = own;
    this.database = new Database({ url: own.url, name: 'protocol test', log: pino({ level: 'silent' }), maxConnections: CONNECTIONS });
    this.database.pool.options.idleTimeoutMillis = 0; // each is told the time for as long as it lives; a statement that fails costs its connection
    this.database.pool.on('connect', (client) => {
      this.#connections.add(client);
      if (this.#nowMs !== BEGINNING_MS) void this.#tell(client);
    });
  }

  static async open(): Promise<Lane> {
    const own = await createTestDatabase();
    await own.pool.query(CLOCK);
    const name = new URL(own.url).pathname.slice(1);
    await own.pool.query(`ALTER DATABASE ${name} SET search_path = simulation, pg_catalog, public`);
    await own.pool.query(`ALTER DATABASE ${name} SET simulation.now_ms = '${BEGINNING_MS}'`);
    const lane = new Lane(own);
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => lane.database.pool.connect()));
    for (const connection of connections) connection.release();
    await lane.rows(DEFAULTS);
    await lane.rows(`UPDATE trunks SET calls_per_second = 1000, max_channels = 1000`);
    return lane;
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.#own.drop();
  }

  /** The database's time, which is the true one here, epoch milliseconds. */
  now(): number {
    return this.#nowMs;
  }

  async pass(ms: number): Promise<void> {
    this.#nowMs += ms;
    await Promise.all([...this.#connections].map((client) => this.#tell(client)));
  }

  /** Empties it for the next world, and begins from the beginning. */
  async empty(): Promise<void> {
    await this.pass(BEGINNING_MS - this.#nowMs);
    await this.rows(EMPTY);
  }

  async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.query<Row>(values.length > 0 ? { text, values } : { text })).rows;
  }

  /** A connection that cannot be told any more is one that the pool has given up. */
  async #tell(client: pg.PoolClient): Promise<void> {
    const told = client.query({ name: 'tell-time', text: `SELECT set_config('simulation.now_ms', $1, false)`, values: [String(this.#nowMs)] });
    await told.catch(() => this.#connections.delete(client));
  }
}
