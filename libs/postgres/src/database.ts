import { DiscadorError } from '@discador/contracts/discador-error';
import pg from 'pg';
import type { Logger } from 'pino';

export interface DatabaseOptions {
  url: string;
  /** shown in pg_stat_activity */
  name: string;
  log: Logger;
  maxConnections?: number;
  state?: { up(): void; down(reason: string): void };
}

/** What a statement runs on: the pool, or one connection inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

const CHECK_MS = 1000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** serialization_failure, deadlock_detected: the same transaction may succeed at once */
const RETRY_NOW = new Set(['40001', '40P01']);
/** connection exceptions, shutdown, too many connections: the server is away for now */
const AWAY = /^(08|57P0|53300)/;

/** The pool of a service. Errors come out as DiscadorError `database_down` when the server is away; SQLSTATE is judged here only. */
export class Database implements Queryable {
  readonly pool: pg.Pool;
  readonly #options: DatabaseOptions;
  #timer: NodeJS.Timeout | undefined;
  #up = false;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.name,
      max: options.maxConnections ?? 8,
      connectionTimeoutMillis: 3000,
      idleTimeoutMillis: 30_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + 2000,
      keepAlive: true,
    });
    // A connection in use that dies reports to its query too; without a listener of its own the process would end.
    this.pool.on('connect', (client) => client.on('error', (error) => this.#options.log.debug({ err: error }, 'database connection lost')));
    this.pool.on('error', (error) => this.#options.log.debug({ err: error }, 'idle database connection lost'));
  }

  get up(): boolean {
    return this.#up;
  }

  /** Begins watching; never throws, never blocks. */
  start(): void {
    void this.#check();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.pool.end();
  }

  /** @returns whether the server answers now and has the schema */
  async ping(): Promise<boolean> {
    try {
      await this.pool.query('SELECT 1 FROM leadership');
      this.#set(true);
    } catch (error) {
      this.#set(false, reasonOf(error));
    }
    return this.#up;
  }

  async query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    try {
      return await this.pool.query<Row>(query);
    } catch (error) {
      throw this.#translate(error);
    }
  }

  /** Runs `work` in one transaction; repeated at once, up to 3 times, when the database asks for it (deadlock, serialization). */
  async transaction<T>(work: (on: Queryable) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (attempt < 3 && RETRY_NOW.has(sqlState(error))) continue;
        throw this.#translate(error);
      }
    }
  }

  async #once<T>(work: (on: Queryable) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      const failed = await client.query('ROLLBACK').then(() => false, () => true);
      client.release(failed);
      throw error;
    }
  }

  async #check(): Promise<void> {
    await this.ping();
    this.#timer = setTimeout(() => void this.#check(), CHECK_MS).unref();
  }

  #set(up: boolean, reason = ''): void {
    this.#up = up;
    if (up) this.#options.state?.up();
    else this.#options.state?.down(reason);
  }

  #translate(error: unknown): unknown {
    if (error instanceof DiscadorError) return error;
    const state = sqlState(error);
    const lostConnection = state === '' || !/^[0-9A-Z]{5}$/.test(state);
    if (!lostConnection && !AWAY.test(state)) return error;
    this.#set(false, reasonOf(error));
    return new DiscadorError('database_down', `PostgreSQL is away: ${reasonOf(error)}`, { retry: 'later', cause: error });
  }
}

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function reasonOf(error: unknown): string {
  return sqlState(error) || (error instanceof Error ? error.message : String(error));
}
