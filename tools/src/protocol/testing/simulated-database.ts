import type { Database, Queryable } from '@discador/postgres/database';
import type pg from 'pg';
import type { Lane } from './lane.ts';
import type { Outside } from './outside.ts';
import type { Process } from './process.ts';

/** Told of a statement when it begins. @returns is told its rows */
export type Watch = (statement: string, values: readonly unknown[]) => (rows: Record<string, unknown>[]) => void;

/** The real database behind the scheduler: each statement outside a transaction, and each whole transaction, is one question.
 *  What may come between the statements of a transaction the database itself decides. */
export function simulatedDatabase(outside: Outside, process: Process, lane: Lane, watch: Watch): Database {
  const watched = (on: Queryable) => ({
    query: async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
      const seen = watch(config.name ?? '', config.values ?? []);
      const result = await on.query(config);
      seen(result.rows as Record<string, unknown>[]);
      return result;
    },
  });
  const committed = (work: (on: Queryable) => Promise<unknown>) => lane.database.transaction((on) => work(watched(on) as Queryable));
  const rolledBack = async (work: (on: Queryable) => Promise<unknown>): Promise<void> => {
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
    query: (config: pg.QueryConfig) => outside.ask(process, config.name ?? 'statement', () => watched(lane.database).query(config)),
    transaction: (work: (on: Queryable) => Promise<unknown>) => outside.ask(process, 'transaction', () => committed(work), () => rolledBack(work)),
  } as unknown as Database;
}
