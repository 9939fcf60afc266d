import type { RecordedEnd } from '@discador/domain/outcomes/close-from-records';
import { attemptFromCel, type AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import type { Database } from '@discador/postgres/database';
import { readCel, type CelRow, type OpenAttempt } from '@discador/postgres/sql/open-attempts';
import type { Outcome } from '@discador/postgres/sql/record-outcomes';

/** Reads what the PBX's own records say of these attempts.
 *  @returns tells it of each one */
export async function readEvidence(database: Database, attempts: readonly OpenAttempt[]): Promise<(attempt: OpenAttempt) => AttemptFromCel> {
  const rows = Map.groupBy(await readCel(database, attempts.map((attempt) => attempt.attempt_id)), (row) => row.attempt_id);
  return ({ attempt_id: id }) => attemptFromCel(id, (rows.get(id) ?? []).map(recordOf));
}

const recordOf = (row: CelRow) => ({ eventType: row.event_type, at: row.event_time.getTime(), channelId: row.unique_id, extra: row.extra });

/** The outcome of an attempt that was closed from records. */
export function toOutcome(attemptId: string, end: RecordedEnd): Outcome {
  const time = (at: number | null): string | undefined => (at === null ? undefined : new Date(at).toISOString());
  return {
    attemptId,
    disposition: end.disposition,
    cause: end.cause,
    startedAt: time(end.startedAt),
    answeredAt: time(end.answeredAt),
    bridgedAt: time(end.bridgedAt),
    endedAt: new Date(end.endedAt).toISOString(),
    inferred: true,
  };
}
