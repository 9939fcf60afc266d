import type { Disposition } from '@discador/contracts/dispositions';
import { classify } from '../calls/disposition.ts';
import type { AttemptFromCel } from '../records/attempt-from-cel.ts';

/** An open attempt whose channel was absent on two looks. Times in milliseconds since 1970, by the database's clock. */
export interface AbsentAttempt {
  claimedAt: number;
  /** the first look that found no channel; the PBX answered it */
  absentSince: number;
  /** `queue-<name>` or `hold`; decides between answered and abandoned */
  destination: string;
}

/** How far the PBX's records can be trusted. */
export interface RecordsState {
  /** start of the present Asterisk process, PBX's clock; null when not known */
  bootedAt: number | null;
  /** when the loader of the records last saw their end; null when never */
  caughtUpAt: number | null;
  /** how far the PBX's clock is ahead of the database's */
  pbxAheadMs: number;
}

export interface RecordedEnd {
  disposition: Disposition;
  cause: number | null;
  startedAt: number | null;
  answeredAt: number | null;
  bridgedAt: number | null;
  endedAt: number;
}

/** Bound on the error of a worker's measure of the PBX's clock. */
const CLOCK_SKEW_MS = 1000;
const MARGIN_MS = 2000;
/** A PBX tells its start cut to the second: one that was back half a second after the claim may say that it was before. */
const WHOLE_SECOND_MS = 1000;
/** DIAL_BY is a PBX's second at most 4 s, and what is left of one, ahead of the claim. */
const GATE_CLOSES_MS = 5000;
/** This long after the claim its call has begun, or never will. By the database's clock: DIAL_BY itself is by the PBX's, which may be seconds off. */
export const CERTAIN_AFTER_MS = GATE_CLOSES_MS + CLOCK_SKEW_MS + MARGIN_MS;

/** Closes an attempt from the PBX's own records, for want of an event.
 *  @returns null: the records are not complete yet, look again later */
export function closeFromRecords(attempt: AbsentAttempt, cel: AttemptFromCel, records: RecordsState, now: number): RecordedEnd | null {
  const end = (disposition: Disposition, endedAt: number): RecordedEnd => endOf(cel, disposition, endedAt);
  if (cel.endedAt !== null) return end(observed(attempt, cel), cel.endedAt);
  // What the PBX wrote by then must have been read: a start until the gate was closed, an end until the channel was gone.
  const writtenBy = Math.max(attempt.claimedAt + CERTAIN_AFTER_MS, attempt.absentSince + CLOCK_SKEW_MS);
  const complete = records.bootedAt !== null && records.caughtUpAt !== null && records.caughtUpAt > writtenBy;
  if (!complete) return null;
  const bootedAt = records.bootedAt ?? 0;
  if (cel.refusedByGate) return end('not_placed', now);
  // Asterisk died with the call: answered and cut off, or never answered. Otherwise its end was never written: nobody knows.
  if (cel.started) return bootedAt > (cel.startedAt ?? 0) ? end(cel.answeredAt === null ? 'failed' : 'answered', bootedAt) : end('in_doubt', now);
  return end(mayHideStart(attempt, bootedAt - records.pbxAheadMs) ? 'in_doubt' : 'not_placed', now);
}

/** Closes an attempt at a PBX that is lost for good, or for too long, from what was read of its records. They may miss what it wrote last:
 *  only what they have counts, and what they do not have is in doubt. */
export function closeOfLostPbx(attempt: Pick<AbsentAttempt, 'destination'>, cel: AttemptFromCel, now: number): RecordedEnd {
  if (cel.endedAt !== null) return endOf(cel, observed(attempt, cel), cel.endedAt);
  if (cel.refusedByGate) return endOf(cel, 'not_placed', now);
  return endOf(cel, cel.answeredAt === null ? 'in_doubt' : 'answered', now);
}

function endOf({ cause, startedAt, answeredAt, bridgedAt }: AttemptFromCel, disposition: Disposition, endedAt: number): RecordedEnd {
  return { disposition, cause, startedAt, answeredAt, bridgedAt, endedAt };
}

/** Whether a restart may have swallowed the record of a call that had begun. Asterisk queues these records for one writer and does not
 *  wait for it (docs/adr/0008), so a process killed at once leaves a call without its start. That a process answered the first look
 *  proves nothing: it may have been the next one, and died as well.
 *  @param bootedAt by the database's clock */
function mayHideStart(attempt: AbsentAttempt, bootedAt: number): boolean {
  return bootedAt > attempt.claimedAt - CLOCK_SKEW_MS - WHOLE_SECOND_MS;
}

function observed(attempt: Pick<AbsentAttempt, 'destination'>, cel: AttemptFromCel): Disposition {
  if (cel.refusedByGate) return 'not_placed';
  return classify({
    answeredAt: cel.answeredAt,
    bridgedAt: cel.bridgedAt,
    cause: cel.cause ?? 0,
    destination: attempt.destination,
    inferred: false,
  });
}
