import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';

/** A row of report.attempts, times in milliseconds since 1970. */
export interface LedgerAttempt {
  attemptId: string;
  contactId: string;
  phone: string;
  disposition: string | null;
  cause: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  inferred: boolean;
}

export interface Mismatch {
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
  duplicates: Mismatch[];
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
    const why = difference(attempt, records.get(attempt.attemptId));
    if (why) mismatches.push({ attemptId: attempt.attemptId, why });
    else if (placed(records.get(attempt.attemptId))) matched++;
  }
  const known = new Set(ledger.map((attempt) => attempt.attemptId));
  for (const record of records.values()) {
    if (!known.has(record.attemptId)) mismatches.push({ attemptId: record.attemptId, why: 'the PBX has a call that the ledger does not know' });
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

const placed = (record: AttemptFromCel | undefined): boolean => record !== undefined && record.started && !record.refusedByGate;

function difference(attempt: LedgerAttempt, record: AttemptFromCel | undefined): string | null {
  const { disposition } = attempt;
  if (disposition === null) return 'the attempt has no end';
  if (disposition === 'in_doubt') return null;
  if (!placed(record) || !record) return disposition === 'not_placed' ? null : `the ledger says ${disposition}, the PBX has no call`;
  if (disposition === 'not_placed') return 'the ledger says not placed, the PBX has a call';
  if (record.endedAt === null && !attempt.inferred) return 'the PBX has no end of this call';
  if ((record.answeredAt === null) !== (attempt.answeredAt === null)) {
    return record.answeredAt === null ? 'the ledger says answered, the PBX does not' : 'the PBX says answered, the ledger does not';
  }
  if (record.cause && attempt.cause && record.cause !== attempt.cause) return `hangup cause ${attempt.cause}, the PBX says ${record.cause}`;
  return null;
}

function dialledTwice(records: ReadonlyMap<string, AttemptFromCel>): Mismatch[] {
  return [...records.values()]
    .filter((record) => record.starts > 1)
    .map(({ attemptId, starts }) => ({ attemptId, why: `dialled ${starts} times` }));
}

function twiceAtOnce(ledger: readonly LedgerAttempt[], records: ReadonlyMap<string, AttemptFromCel>): Mismatch[] {
  const calls = ledger.flatMap((attempt) => {
    const record = records.get(attempt.attemptId);
    return record && placed(record) && record.startedAt !== null
      ? [{ attemptId: attempt.attemptId, phone: attempt.phone, from: record.startedAt, to: record.endedAt ?? Number.POSITIVE_INFINITY }]
      : [];
  });
  const lastEnd = new Map<string, number>();
  const found: Mismatch[] = [];
  for (const call of calls.sort((a, b) => a.from - b.from)) {
    const busyUntil = lastEnd.get(call.phone) ?? 0;
    if (call.from < busyUntil) found.push({ attemptId: call.attemptId, why: 'its number was on another call of ours' });
    lastEnd.set(call.phone, Math.max(busyUntil, call.to));
  }
  return found;
}

function afterReached(ledger: readonly LedgerAttempt[]): Mismatch[] {
  const reached = new Set<string>();
  const found: Mismatch[] = [];
  for (const attempt of [...ledger].sort((a, b) => (a.attemptId < b.attemptId ? -1 : 1))) {
    if (reached.has(attempt.contactId) && attempt.disposition !== 'not_placed') found.push({ attemptId: attempt.attemptId, why: 'called again after it was reached' });
    if (attempt.disposition === 'answered') reached.add(attempt.contactId);
  }
  return found;
}
