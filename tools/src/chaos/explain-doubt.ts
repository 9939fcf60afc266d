import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import type { LedgerAttempt } from '../ledger-check/check-ledger.ts';
import { digitsOf, type MatchedInvites } from './match-invites.ts';
import type { PbxOutages } from './pbx-outages.ts';
import type { Evidence, Finding } from './types.ts';

/** Says of an attempt in doubt what PBX and carrier know of it, and whether its contact was called again. */
export function explainDoubt(attempt: LedgerAttempt, { records, invites, ledger }: Evidence, { inviteOf, attemptOf }: MatchedInvites, outages: PbxOutages): Finding {
  const { attemptId, contactId, claimedAt } = attempt;
  const record = records.get(attemptId);
  const invite = inviteOf.get(attemptId);
  const from = record?.startedAt ?? invite?.at ?? claimedAt;
  const again = invites.find((one) => one.number === digitsOf(attempt.phone) && one.at > from && one !== invite && attemptOf.get(one)?.attemptId !== attemptId);
  const claimedAgain = ledger.some((other) => other.contactId === contactId && other.claimedAt > claimedAt);
  const why = [
    deathOf(record, claimedAt, outages),
    `the PBX has ${pbxKnows(record)}`,
    invite ? 'the carrier got an INVITE' : 'the carrier got none',
    again ? `called again ${((again.at - from) / 1000).toFixed(1)} s later` : claimedAgain ? 'attempted again, without a call' : 'not called again',
  ];
  return { kind: 'in_doubt', attemptId, contactId, at: from, why: why.filter(Boolean).join('; ') };
}

/** A death matters when the end of the call is missing. */
function deathOf(record: AttemptFromCel | undefined, claimedAt: number, outages: PbxOutages): string {
  const { startedAt = null, endedAt = null } = record ?? {};
  const death = endedAt === null ? outages.endOf(startedAt ?? claimedAt) : null;
  return death === null ? '' : `Asterisk died ${((death - (startedAt ?? claimedAt)) / 1000).toFixed(1)} s after the ${startedAt === null ? 'claim' : 'start'}`;
}

function pbxKnows(record: AttemptFromCel | undefined): string {
  if (!record?.started) return 'no start of it';
  if (record.refusedByGate) return 'a start that the dial gate refused';
  const answered = record.answeredAt === null ? 'no answer' : 'an answer';
  return record.endedAt === null ? `its start, ${answered} and no end` : `its start, ${answered} and its end${record.cause ? `, cause ${record.cause}` : ''}`;
}
