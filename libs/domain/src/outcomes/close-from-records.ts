import type { Disposition } from '@discador/contracts/dispositions';
import { classify } from '../calls/disposition.ts';
import type { AttemptFromCel } from '../records/attempt-from-cel.ts';

/** An open attempt whose channel was absent on two looks. Times in milliseconds since 1970. */
export interface AbsentAttempt {
  claimedAt: number;
  /** PBX's clock */
  dialBy: number;
  /** the first look that found no channel */
  absentSince: number;
  /** `queue-<name>` or `hold`; decides between answered and abandoned */
  destination: string;
}

/** How far the PBX's records can be trusted. */
export interface RecordsState {
  /** start of the present Asterisk process; null when not known */
  bootedAt: number | null;
  /** when the loader of the records last saw their end; null when never */
  caughtUpAt: number | null;
}

export interface RecordedEnd {
  disposition: Disposition;
  cause: number | null;
  startedAt: number | null;
  answeredAt: number | null;
  bridgedAt: number | null;
  endedAt: number;
}

/** Bound on the difference between the PBX's clock and the others. */
export const CLOCK_SKEW_MS = 1000;
const MARGIN_MS = 2000;

/** Closes an attempt from the PBX's own records, for want of an event.
 *  @returns null: the records are not complete yet, look again later */
export function closeFromRecords(attempt: AbsentAttempt, cel: AttemptFromCel, records: RecordsState, now: number): RecordedEnd | null {
  const end = (disposition: Disposition, endedAt: number): RecordedEnd => ({
    disposition,
    cause: cel.cause,
    startedAt: cel.startedAt,
    answeredAt: cel.answeredAt,
    bridgedAt: cel.bridgedAt,
    endedAt,
  });
  if (cel.endedAt !== null) return end(observed(attempt, cel), cel.endedAt);
  // What the PBX wrote by then must have been read: a start until DIAL_BY, an end until the channel was gone.
  const writtenBy = Math.max(attempt.dialBy + MARGIN_MS, attempt.absentSince) + CLOCK_SKEW_MS;
  const complete = records.bootedAt !== null && records.caughtUpAt !== null && records.caughtUpAt > writtenBy;
  if (!complete) return null;
  const restarted = (records.bootedAt ?? 0) > (cel.startedAt ?? attempt.claimedAt);
  if (cel.started && restarted) {
    // Asterisk died with the call: answered and cut off, or never answered.
    return end(cel.answeredAt === null ? 'failed' : 'answered', records.bootedAt ?? now);
  }
  // Began and is gone, but its end was never written; or a restart may have swallowed the start: nobody knows.
  if (cel.started || restarted) return end('in_doubt', now);
  return end('not_placed', now);
}

function observed(attempt: AbsentAttempt, cel: AttemptFromCel): Disposition {
  if (cel.refusedByGate) return 'not_placed';
  return classify({
    answeredAt: cel.answeredAt,
    bridgedAt: cel.bridgedAt,
    cause: cel.cause ?? 0,
    destination: attempt.destination,
    inferred: false,
  });
}
