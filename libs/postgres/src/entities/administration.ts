import { DiscadorError } from '@discador/contracts/discador-error';
import { DataSource, QueryFailedError, type EntityManager } from 'typeorm';
import { Campaign } from './campaign.ts';
import { Contact } from './contact.ts';
import { Extension } from './extension.ts';
import { PbxNode } from './pbx-node.ts';
import { Trunk } from './trunk.ts';

export interface AdministrationOptions {
  databaseUrl: string;
  /** shown in pg_stat_activity */
  name: string;
  poolSize: number;
  statementTimeoutMs: number;
}

/** connection exceptions, shutdown, too many connections: the server is away for now */
const AWAY = /^(08|57P0|53300)/;
// Not five letters: EPIPE is the network's.
const SQLSTATE = /^(?=.*[0-9])[0-9A-Z]{5}$/;

/** The administration entities over TypeORM. Connects at the first use, and again at the next one when that failed.
 *  The schema belongs to migrations/ and is never synchronised. */
export class Administration {
  readonly #source: DataSource;
  #connecting: Promise<DataSource> | undefined;

  constructor(options: AdministrationOptions) {
    this.#source = new DataSource({
      type: 'postgres',
      url: options.databaseUrl,
      entities: [Campaign, Contact, Extension, PbxNode, Trunk],
      synchronize: false,
      migrationsRun: false,
      installExtensions: false,
      logging: false,
      applicationName: options.name,
      poolSize: options.poolSize,
      connectTimeoutMS: 3000,
      // The pool opens another connection when asked; readiness is told by whoever watches the server.
      poolErrorHandler: () => undefined,
      extra: { statement_timeout: options.statementTimeoutMs, query_timeout: options.statementTimeoutMs + 2000, idleTimeoutMillis: 30_000 },
    });
  }

  /** Runs `work` on any connection.
   *  @throws DiscadorError `database_down` when the server is away; the database's error otherwise */
  run<T>(work: (on: EntityManager) => Promise<T>): Promise<T> {
    return this.#translated(async () => work((await this.#connect()).manager));
  }

  /** Runs `work` in one transaction (read committed); rolled back when it throws. */
  transaction<T>(work: (on: EntityManager) => Promise<T>): Promise<T> {
    return this.#translated(async () => (await this.#connect()).transaction(work));
  }

  async close(): Promise<void> {
    await this.#connecting?.catch(() => undefined);
    if (this.#source.isInitialized) await this.#source.destroy();
  }

  async #connect(): Promise<DataSource> {
    this.#connecting ??= this.#source.initialize();
    try {
      return await this.#connecting;
    } catch (error) {
      this.#connecting = undefined;
      throw error;
    }
  }

  async #translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DiscadorError || !isAway(error)) throw error;
      throw new DiscadorError('database_down', 'PostgreSQL is away', { retry: 'later', cause: error });
    }
  }
}

/** The five characters by which PostgreSQL names an error; empty for anything else. */
export function sqlStateOf(error: unknown): string {
  const { code } = causeOf(error);
  return SQLSTATE.test(code) ? code : '';
}

function isAway(error: unknown): boolean {
  const { code, message } = causeOf(error);
  if (SQLSTATE.test(code)) return AWAY.test(code);
  return /^E[A-Z]{3,}$/.test(code) || /connect|terminated|timeout/i.test(message);
}

function causeOf(error: unknown): { code: string; message: string } {
  const cause = (error instanceof QueryFailedError ? error.driverError : error) as { code?: unknown; message?: unknown } | null | undefined;
  return { code: String(cause?.code ?? ''), message: String(cause?.message ?? '') };
}
