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

/** Gives each INVITE to one attempt at most: per number, in the order of time, within seconds of the PBX's start. What is then left may belong,
 *  by time alone, to calls that the ledger does not know; or else to attempts that the PBX has no record of, within seconds of the claim. */
export function matchInvites(invites: readonly Invite[], ledger: readonly LedgerAttempt[], records: ReadonlyMap<string, AttemptFromCel>): MatchedInvites {
  const attemptOf = new Map<Invite, LedgerAttempt>();
  const startOf = ({ attemptId }: LedgerAttempt): number | null => (placed(records.get(attemptId)) ? (records.get(attemptId)?.startedAt ?? null) : null);
  const started = ledger.filter((attempt) => startOf(attempt) !== null).sort((a, b) => (startOf(a) ?? 0) - (startOf(b) ?? 0));
  pair(invites, started, (attempt) => startOf(attempt) ?? 0, attemptOf);
  const left = invites.filter((invite) => !attemptOf.has(invite));
  const ofUnknownCalls = invitesOfUnknown(left, ledger, records);
  // The latest claim first: an attempt that was never sent may be repeated within the time allowed here.
  const unseen = ledger.filter(({ attemptId }) => !records.get(attemptId)?.started).sort((a, b) => b.claimedAt - a.claimedAt);
  pair(left.filter((invite) => !ofUnknownCalls.has(invite)), unseen, ({ claimedAt }) => claimedAt, attemptOf);
  return { inviteOf: new Map([...attemptOf].map(([invite, { attemptId }]) => [attemptId, invite])), attemptOf, ofUnknownCalls };
}

export const within = (invite: Invite, startedAt: number): boolean => invite.at - startedAt >= EARLIEST_MS && invite.at - startedAt <= LATEST_MS;

export const digitsOf = (phone: string): string => phone.replace(/^\+/, '');

/** The calls to each number, in the order of time. */
export function byNumber(invites: readonly Invite[]): Map<string, Invite[]> {
  return Map.groupBy([...invites].sort((a, b) => a.at - b.at), ({ number }) => number);
}

/** @param at  when the attempt's INVITE was due; attempts at one number are tried as they stand */
function pair(invites: readonly Invite[], attempts: readonly LedgerAttempt[], at: (attempt: LedgerAttempt) => number, into: Map<Invite, LedgerAttempt>): void {
  const waiting = Map.groupBy(attempts, ({ phone }) => digitsOf(phone));
  for (const [number, called] of byNumber(invites)) {
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
    const startedAt = record.startedAt ?? 0;
    const [invite] = left.filter((one) => !found.has(one) && within(one, startedAt)).sort((a, b) => Math.abs(a.at - startedAt) - Math.abs(b.at - startedAt));
    if (invite) found.add(invite);
  }
  return found;
}
