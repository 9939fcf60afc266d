import type { Database, Queryable } from '@discador/postgres/database';
import type pg from 'pg';
import type { ClaimWatch } from './claim-watch.ts';
import type { Lane } from './lane.ts';
import type { Outside } from './outside.ts';
import type { Process } from './process.ts';

/** The real database behind the scheduler: each statement outside a transaction, and each whole transaction, is one question.
 *  What may come between the statements of a transaction the database itself decides. */
export function simulatedDatabase(outside: Outside, process: Process, lane: Lane, watch: ClaimWatch): Database {
  const query = async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
    const seen = watch.begins(config.name ?? '', config.values ?? []);
    const result = await lane.database.query(config);
    seen(result.rows);
    return result;
  };
  const rolledBack = (work: (on: Queryable) => Promise<unknown>) => async (): Promise<void> => {
    const undo = new Error('undone'); // not `database_down`, for which the connection would be given up
    const rollBack = lane.database.transaction(async (on) => {
      await work(on);
      throw undo;
    });
    await rollBack.catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  };
  return {
    query: (config: pg.QueryConfig) => outside.ask(process, config.name ?? 'statement', () => query(config)),
    transaction: (work: (on: Queryable) => Promise<unknown>) =>
      outside.ask(process, 'transaction', () => lane.database.transaction(work), rolledBack(work)),
  } as unknown as Database;
}
