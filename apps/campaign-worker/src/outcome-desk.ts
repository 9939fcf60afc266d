import type { Database } from '@discador/postgres/database';
import { recordOutcomes, type Outcome, type OutcomeSource } from '@discador/postgres/sql/record-outcomes';
import type { Permits } from '@discador/redis/permits';
import type { WorkerMetrics } from './metrics.ts';

/** Stores outcomes, whoever brings them, and frees the permits of the attempts that ended. */
export class OutcomeDesk {
  readonly #database: Database;
  readonly #permits: Permits;
  readonly #metrics: WorkerMetrics;

  constructor(database: Database, permits: Permits, metrics: WorkerMetrics) {
    this.#database = database;
    this.#permits = permits;
    this.#metrics = metrics;
  }

  /** @throws when the database is away; then nothing was stored and the caller must bring them again */
  async record(outcomes: Outcome[], source: OutcomeSource): Promise<void> {
    if (outcomes.length === 0) return;
    const closed = await recordOutcomes(this.#database, outcomes, source);
    const ended = new Set(closed.map((attempt) => attempt.attempt_id));
    for (const outcome of outcomes) {
      if (ended.has(outcome.attemptId)) this.#metrics.outcomes.inc({ disposition: outcome.disposition, source });
      else this.#metrics.lateEnds.inc();
    }
    // A permit that cannot be given back now is swept by the master.
    const holders = closed.map((attempt) => ({ attemptId: attempt.attempt_id, campaignId: attempt.campaign_id, trunk: attempt.trunk }));
    await this.#permits.release(holders).catch(() => undefined);
  }
}
