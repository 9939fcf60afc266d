import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';

/** A row of report.attempts, times in milliseconds since 1970. */
export interface LedgerAttempt {
  attemptId: string;
  contactId: string;
  campaignId: string;
  phone: string;
  claimedAt: number;
  disposition: string | null;
  cause: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  inferred: boolean;
}

export type MismatchKind = 'open_attempt' | 'unknown_call' | 'never_called' | 'called_not_placed' | 'no_end' | 'answer_differs' | 'cause_differs';
export type DuplicateKind = 'attempt_dialled_twice' | 'number_twice_at_once' | 'called_after_reached';

export interface Mismatch<Kind = MismatchKind> {
  kind: Kind;
  attemptId: string;
  /** what the two say differently */
  why: string;
}

export interface LedgerCheck {
  /** calls that the PBX placed */
  calls: number;
  matched: number;
  mismatches: Mismatch[];
  /** calls too many: an attempt dialled twice, a number on the line twice at once, a contact called after it was reached */
  duplicates: Mismatch<DuplicateKind>[];
  inDoubt: number;
  /** attempts without an end */
  open: number;
}

/** Holds the ledger of a campaign against the PBX's own records. Pure.
 *  @param ledger every attempt of the campaign
 *  @param records the PBX's records of the campaign (by account code), one per attempt id */
export function checkLedger(ledger: readonly LedgerAttempt[], records: ReadonlyMap<string, AttemptFromCel>): LedgerCheck {
  const mismatches: Mismatch[] = [];
  let matched = 0;
  for (const attempt of ledger) {
    const found = difference(attempt, records.get(attempt.attemptId));
    if (found) mismatches.push({ attemptId: attempt.attemptId, kind: found[0], why: found[1] });
    else if (placed(records.get(attempt.attemptId))) matched++;
  }
  const known = new Set(ledger.map((attempt) => attempt.attemptId));
  for (const record of records.values()) {
    if (!known.has(record.attemptId)) mismatches.push({ kind: 'unknown_call', attemptId: record.attemptId, why: 'the PBX has a call that the ledger does not know' });
  }
  return {
    calls: [...records.values()].filter(placed).length,
    matched,
    mismatches,
    duplicates: [...dialledTwice(records), ...twiceAtOnce(ledger, records), ...afterReached(ledger)],
    inDoubt: ledger.filter((attempt) => attempt.disposition === 'in_doubt').length,
    open: ledger.filter((attempt) => attempt.disposition === null).length,
  };
}

/** The PBX began a call and the dial gate let it pass. */
export const placed = (record: AttemptFromCel | undefined): boolean => record !== undefined && record.started && !record.refusedByGate;

function difference(attempt: LedgerAttempt, record: AttemptFromCel | undefined): [MismatchKind, string] | null {
  const { disposition } = attempt;
  if (disposition === null) return ['open_attempt', 'the attempt has no end'];
  if (disposition === 'in_doubt') return null;
  if (!placed(record) || !record) return disposition === 'not_placed' ? null : ['never_called', `the ledger says ${disposition}, the PBX has no call`];
  if (disposition === 'not_placed') return ['called_not_placed', 'the ledger says not placed, the PBX has a call'];
  if (record.endedAt === null && !attempt.inferred) return ['no_end', 'the PBX has no end of this call'];
  if ((record.answeredAt === null) !== (attempt.answeredAt === null)) {
    return ['answer_differs', record.answeredAt === null ? 'the ledger says answered, the PBX does not' : 'the PBX says answered, the ledger does not'];
  }
  if ((record.answeredAt === null) === ANSWERED.has(disposition)) {
    return ['answer_differs', `the ledger says ${disposition}, the PBX says ${record.answeredAt === null ? 'not answered' : 'answered'}`];
  }
  if (record.cause && attempt.cause && record.cause !== attempt.cause) return ['cause_differs', `hangup cause ${attempt.cause}, the PBX says ${record.cause}`];
  return null;
}

const ANSWERED: ReadonlySet<string> = new Set(['answered', 'abandoned']);

function dialledTwice(records: ReadonlyMap<string, AttemptFromCel>): Mismatch<DuplicateKind>[] {
  return [...records.values()]
    .filter((record) => record.starts > 1)
    .map(({ attemptId, starts }) => ({ kind: 'attempt_dialled_twice' as const, attemptId, why: `dialled ${starts} times` }));
}

function twiceAtOnce(ledger: readonly LedgerAttempt[], records: ReadonlyMap<string, AttemptFromCel>): Mismatch<DuplicateKind>[] {
  const calls = ledger.flatMap((attempt) => {
    const record = records.get(attempt.attemptId);
    return record && placed(record) && record.startedAt !== null
      ? [{ attemptId: attempt.attemptId, phone: attempt.phone, from: record.startedAt, to: record.endedAt ?? diedAt(attempt) }]
      : [];
  });
  const lastEnd = new Map<string, number>();
  const found: Mismatch<DuplicateKind>[] = [];
  for (const call of calls.sort((a, b) => a.from - b.from)) {
    const busyUntil = lastEnd.get(call.phone) ?? 0;
    if (call.from < busyUntil) found.push({ kind: 'number_twice_at_once', attemptId: call.attemptId, why: 'its number was on another call of ours' });
    lastEnd.set(call.phone, Math.max(busyUntil, call.to));
  }
  return found;
}

/** A PBX that was killed wrote no end of its calls: they are over when it was seen to be without them. */
function diedAt({ inferred, endedAt }: LedgerAttempt): number {
  return inferred && endedAt !== null ? endedAt : Number.POSITIVE_INFINITY;
}

function afterReached(ledger: readonly LedgerAttempt[]): Mismatch<DuplicateKind>[] {
  const reached = new Set<string>();
  const found: Mismatch<DuplicateKind>[] = [];
  for (const attempt of [...ledger].sort((a, b) => (a.attemptId < b.attemptId ? -1 : 1))) {
    if (reached.has(attempt.contactId) && attempt.disposition !== 'not_placed') found.push({ kind: 'called_after_reached', attemptId: attempt.attemptId, why: 'called again after it was reached' });
    if (attempt.disposition === 'answered') reached.add(attempt.contactId);
  }
  return found;
}
