import { DiscadorError } from '@discador/contracts/discador-error';
import pg from 'pg';
import type { Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { SilentConnections } from './silent-connections.ts';

export interface DatabaseOptions {
  url: string;
  /** shown in pg_stat_activity */
  name: string;
  log: Logger;
  maxConnections?: number;
  /** When a statement's answer is given up, as if the server were away; default 12 s. For who has only short ones and must not stand
   *  still for long on one connection that is half-open while the others are not. */
  answerWithinMs?: number;
  state?: { up(): void; down(reason: string): void };
}

/** What a statement runs on: the pool, or one connection inside a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

const CHECK_MS = 500;
/** A server that has not answered so little by then is away, though its connections stand. */
const PING_TIMEOUT_MS = 1500;
/** For reading what came while the process itself was stopped: only then is a connection silent. */
const READ_GRACE_MS = 50;
const STATEMENT_TIMEOUT_MS = 10_000;
/** serialization_failure, deadlock_detected: the same transaction may succeed at once */
const RETRY_NOW = new Set(['40001', '40P01']);
/** connection exceptions, shutdown, too many connections: the server is away for now */
const AWAY = /^(08|57P0|53300)/;

/** The pool of a service. Errors come out as DiscadorError `database_down` when the server is away; SQLSTATE is judged here only. */
export class Database implements Queryable {
  readonly pool: pg.Pool;
  readonly #options: DatabaseOptions;
  readonly #watch: pg.Pool;
  readonly #silent: SilentConnections;
  #timer: NodeJS.Timeout | undefined;
  #up = false;
  #closed = false;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.name,
      max: options.maxConnections ?? 8,
      connectionTimeoutMillis: 3000,
      idleTimeoutMillis: 30_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: options.answerWithinMs ?? STATEMENT_TIMEOUT_MS + 2000,
      keepAlive: true,
    });
    this.#silent = new SilentConnections(this.pool);
    // Its own connection: a ping must not wait behind statements.
    this.#watch = new pg.Pool({ connectionString: options.url, application_name: `${options.name} watch`, max: 1, connectionTimeoutMillis: PING_TIMEOUT_MS, idleTimeoutMillis: 0 });
    // A connection in use that dies reports to its query too; without a listener of its own the process would end.
    for (const pool of [this.pool, this.#watch]) {
      pool.on('connect', (client) => client.on('error', (error) => this.#options.log.debug({ err: error }, 'database connection lost')));
      pool.on('error', (error) => this.#options.log.debug({ err: error }, 'idle database connection lost'));
    }
  }

  get up(): boolean {
    return this.#up;
  }

  /** Begins watching; never throws, never blocks. */
  start(): void {
    void this.#check();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all([this.pool.end(), this.#watch.end()]);
  }

  /** When the server falls silent, the connections that it left half-open are cut, so that nothing waits on them and new ones are made.
   *  @returns whether the server answers now and has the schema */
  async ping(): Promise<boolean> {
    const askedAt = performance.now();
    try {
      await this.#watch.query({ text: 'SELECT 1 FROM leadership', query_timeout: PING_TIMEOUT_MS } as pg.QueryConfig);
      this.#set(true);
    } catch (error) {
      this.#set(false, reasonOf(error));
      if (isLost(error)) await this.#cutSilent(askedAt);
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

  /** Runs `work` in one transaction; repeated at once, up to 3 times, when the database asks for it (deadlock, serialization).
   *  @throws DiscadorError `database_down`: nothing was stored, unless the connection went during the commit itself
   *  @throws what `work` throws, as it is */
  async transaction<T>(work: (on: Queryable) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (attempt === 3 || !RETRY_NOW.has(sqlState(error))) throw error;
      }
    }
  }

  async #once<T>(work: (on: Queryable) => Promise<T>): Promise<T> {
    const translate = (error: unknown): never => {
      throw this.#translate(error);
    };
    const client = await this.pool.connect().catch(translate);
    const on: Queryable = { query: <Row extends pg.QueryResultRow>(query: pg.QueryConfig) => client.query<Row>(query).catch(translate) };
    try {
      await on.query({ text: 'BEGIN' });
      const result = await work(on);
      await on.query({ text: 'COMMIT' });
      client.release();
      return result;
    } catch (error) {
      // A connection that is gone, or silent, is not asked to roll back: its end does that.
      const gone = error instanceof DiscadorError && error.code === 'database_down';
      const failed = gone || (await client.query('ROLLBACK').then(() => false, () => true));
      client.release(failed);
      throw error;
    }
  }

  async #check(): Promise<void> {
    await this.ping();
    if (!this.#closed) this.#timer = setTimeout(() => void this.#check(), CHECK_MS).unref();
  }

  async #cutSilent(since: number): Promise<void> {
    await sleep(READ_GRACE_MS);
    const cut = this.#silent.cut(since);
    if (cut > 0) this.#options.log.warn({ connections: cut }, 'PostgreSQL is silent, its connections are cut');
  }

  #set(up: boolean, reason = ''): void {
    this.#up = up;
    if (up) this.#options.state?.up();
    else this.#options.state?.down(reason);
  }

  #translate(error: unknown): unknown {
    if (error instanceof DiscadorError || error instanceof TypeError || error instanceof RangeError) return error;
    if (!isLost(error) && !AWAY.test(sqlState(error))) return error;
    this.#set(false, reasonOf(error));
    return new DiscadorError('database_down', `PostgreSQL is away: ${reasonOf(error)}`, { retry: 'later', cause: error });
  }
}

/** The server said nothing about it: the connection, or the time for an answer, has gone. */
function isLost(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError);
}

function sqlState(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}

function reasonOf(error: unknown): string {
  return sqlState(error) || String((error as { message?: unknown } | null)?.message ?? error);
}
