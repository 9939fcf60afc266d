import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import { placed, type LedgerAttempt } from '../ledger-check/check-ledger.ts';
import type { Invite } from './sipp-carrier.ts';

/** Clocks are one; what is left is rounding. */
const EARLIEST_MS = -500;
/** A frozen Asterisk sends its INVITE when it wakes, 6 s later; two attempts at one number are a minute apart. */
const LATEST_MS = 12_000;

export interface MatchedInvites {
  /** attempt id → its call at the carrier */
  inviteOf: Map<string, Invite>;
  attemptOf: Map<Invite, LedgerAttempt>;
  /** those of calls that the PBX recorded under an id that the ledger does not know */
  ofUnknownCalls: Set<Invite>;
}

/** Gives each INVITE to one attempt at most: per number, in the order of time, within seconds of the PBX's start. What is then left may belong
 *  to attempts that the PBX has no start of, within seconds of the claim; or, by time alone, to calls that the ledger does not know. */
export function matchInvites(invites: readonly Invite[], ledger: readonly LedgerAttempt[], records: ReadonlyMap<string, AttemptFromCel>): MatchedInvites {
  const attemptOf = new Map<Invite, LedgerAttempt>();
  const startOf = ({ attemptId }: LedgerAttempt): number | null => (placed(records.get(attemptId)) ? (records.get(attemptId)?.startedAt ?? null) : null);
  const started = ledger.filter((attempt) => startOf(attempt) !== null);
  pair(invites, started, (attempt) => startOf(attempt) ?? 0, attemptOf);
  const unseen = ledger.filter((attempt) => startOf(attempt) === null);
  pair(invites.filter((invite) => !attemptOf.has(invite)), unseen, ({ claimedAt }) => claimedAt, attemptOf);
  return {
    inviteOf: new Map([...attemptOf].map(([invite, { attemptId }]) => [attemptId, invite])),
    attemptOf,
    ofUnknownCalls: invitesOfUnknown(invites.filter((invite) => !attemptOf.has(invite)), ledger, records),
  };
}

export const within = (invite: Invite, startedAt: number): boolean => invite.at - startedAt >= EARLIEST_MS && invite.at - startedAt <= LATEST_MS;

export const digitsOf = (phone: string): string => phone.replace(/^\+/, '');

/** The values by number; each list in the order of time. */
export function byNumber<T>(values: readonly T[], numberOf: (value: T) => string, at: (value: T) => number): Map<string, T[]> {
  return Map.groupBy([...values].sort((a, b) => at(a) - at(b)), numberOf);
}

function pair(invites: readonly Invite[], attempts: readonly LedgerAttempt[], at: (attempt: LedgerAttempt) => number, into: Map<Invite, LedgerAttempt>): void {
  const waiting = byNumber(attempts, ({ phone }) => digitsOf(phone), at);
  for (const [number, called] of byNumber(invites, (invite) => invite.number, (invite) => invite.at)) {
    const queue = waiting.get(number) ?? [];
    for (const invite of called) {
      const index = queue.findIndex((attempt) => within(invite, at(attempt)));
      const [attempt] = index < 0 ? [] : queue.splice(index, 1);
      if (attempt) into.set(invite, attempt);
    }
  }
}

function invitesOfUnknown(left: Invite[], ledger: readonly LedgerAttempt[], records: ReadonlyMap<string, AttemptFromCel>): Set<Invite> {
  const known = new Set(ledger.map(({ attemptId }) => attemptId));
  const found = new Set<Invite>();
  for (const record of records.values()) {
    if (known.has(record.attemptId) || !placed(record)) continue;
    const invite = left.find((one) => !found.has(one) && within(one, record.startedAt ?? 0));
    if (invite) found.add(invite);
  }
  return found;
}
