import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import { checkLedger, placed, type DuplicateKind, type LedgerAttempt, type Mismatch } from '../ledger-check/check-ledger.ts';
import { explainDoubt } from './explain-doubt.ts';
import { duplicateCalls } from './judge-calls.ts';
import { digitsOf, matchInvites, within, type MatchedInvites } from './match-invites.ts';
import { PbxOutages } from './pbx-outages.ts';
import type { Evidence, Finding, Verdict } from './types.ts';

/** What came less than this before Asterisk died may have been told to one listener and not to the other. */
const RACE_MS = 1_000;
const FINAL = new Set(['completed', 'failed']);
const WAITING = new Set(['ready', 'retry']);

/** Holds what the system says of itself, its ledger and its contacts, against what it cannot influence: the PBX's CEL and the carrier's log.
 *  Each call belongs to exactly one attempt; each attempt that passed the dial gate has its call; nobody is called more often or sooner than
 *  the campaign allows; nothing is left open. Pure. */
export function judge(evidence: Evidence): Verdict {
  return new Trial(evidence).verdict();
}

class Trial {
  readonly #evidence: Evidence;
  readonly #outages: PbxOutages;
  readonly #matched: MatchedInvites;
  readonly #attempts: Map<string, LedgerAttempt>;
  readonly #lost: Finding[] = [];
  readonly #excused: Finding[] = [];

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.#outages = new PbxOutages(evidence.pbxDeaths, evidence.pbxBacks);
    this.#matched = matchInvites(evidence.invites, evidence.ledger, evidence.records);
    this.#attempts = new Map(evidence.ledger.map((attempt) => [attempt.attemptId, attempt]));
  }

  verdict(): Verdict {
    const { invites, ledger } = this.#evidence;
    const carrierSaw = duplicateCalls(this.#evidence, this.#matched);
    const { mismatches, duplicates } = checkLedger(ledger, this.#settledRecords());
    for (const mismatch of mismatches) this.#judgeMismatch(mismatch);
    for (const attempt of ledger) if (attempt.disposition !== null) this.#judgeAttempt(attempt);
    for (const invite of invites) {
      if (this.#matched.attemptOf.has(invite) || this.#matched.ofUnknownCalls.has(invite) || carrierSaw.has(invite)) continue;
      this.#lost.push({ kind: 'invite_without_attempt', at: invite.at, why: 'the carrier got a call that belongs to no attempt' });
    }
    this.#countContacts();
    return {
      calls: invites.length,
      attempts: ledger.length,
      duplicates: [...carrierSaw.values(), ...this.#ownDuplicates(duplicates, [...carrierSaw.values()])],
      lost: this.#lost,
      stuck: this.#stuck(),
      inDoubt: ledger.filter(({ disposition }) => disposition === 'in_doubt').map((attempt) => explainDoubt(attempt, this.#evidence, this.#matched, this.#outages)),
      excused: this.#excused,
    };
  }

  /** The records with every end filled in, by the ledger's word: a call that lacks one would be on the line for ever. */
  #settledRecords(): Map<string, AttemptFromCel> {
    return new Map([...this.#evidence.records].map(([attemptId, record]) => {
      if (record.endedAt !== null || record.startedAt === null) return [attemptId, record];
      const endedAt = this.#attempts.get(attemptId)?.endedAt ?? record.startedAt;
      return [attemptId, { ...record, endedAt }];
    }));
  }

  /** When Asterisk died with this call; null when the call has an end, or was over before. */
  #diedWith({ attemptId, startedAt, endedAt }: AttemptFromCel): number | null {
    if (startedAt === null || endedAt !== null) return null;
    const death = this.#outages.endOf(startedAt);
    const attempt = this.#attempts.get(attemptId);
    const seenToEnd = attempt && !attempt.inferred ? attempt.endedAt : null;
    return death !== null && (seenToEnd ?? death) >= death - RACE_MS ? death : null;
  }

  #judgeMismatch({ kind, attemptId, why }: Mismatch): void {
    if (kind === 'open_attempt') return; // stuck, not lost
    const attempt = this.#attempts.get(attemptId);
    const record = this.#evidence.records.get(attemptId);
    const invite = this.#matched.inviteOf.get(attemptId);
    if (kind === 'never_called' && invite) {
      this.#add({ kind: 'not_recorded', attemptId, at: invite.at, why: 'the carrier got an INVITE, the PBX has no start' }, attempt, this.#outages.soonAfter(invite.at));
      return;
    }
    const death = record ? this.#diedWith(record) : null;
    const inTheRace = kind === 'answer_differs' && death !== null && (attempt?.answeredAt ?? 0) >= death - RACE_MS;
    const at = record?.startedAt ?? attempt?.claimedAt;
    this.#add({ kind, attemptId, ...(at !== undefined && { at }), why }, attempt, inTheRace);
  }

  /** What only PBX and carrier together tell of an attempt that the ledger holds for ended. */
  #judgeAttempt(attempt: LedgerAttempt): void {
    const { attemptId } = attempt;
    const record = this.#evidence.records.get(attemptId);
    const invite = this.#matched.inviteOf.get(attemptId);
    if (!record || !placed(record) || record.startedAt === null) {
      if (attempt.disposition === 'not_placed' && invite) {
        this.#add({ kind: 'called_not_placed', attemptId, at: invite.at, why: 'the ledger says not placed, the carrier got an INVITE' }, attempt, false);
      }
      return;
    }
    const at = record.startedAt;
    if (record.endedAt === null) this.#add({ kind: 'no_end', attemptId, at, why: 'the PBX has no end of this call' }, attempt, this.#diedWith(record) !== null);
    if (!invite) this.#add({ ...this.#withoutInvite(attempt, at), attemptId, at }, attempt, this.#outages.soonAfter(at));
  }

  #withoutInvite({ phone }: LedgerAttempt, startedAt: number): Pick<Finding, 'kind' | 'why'> {
    const shared = this.#evidence.invites.some((invite) => invite.number === digitsOf(phone) && within(invite, startedAt));
    return shared
      ? { kind: 'shared_call', why: 'its only call at the carrier is that of another attempt' }
      : { kind: 'no_invite', why: 'it passed the dial gate and never reached the carrier' };
  }

  /** What the carrier did not see, or what has been told already, is not told again. */
  #ownDuplicates(duplicates: readonly Mismatch<DuplicateKind>[], carrierSaw: readonly Finding[]): Finding[] {
    const told = new Set(carrierSaw.map(({ attemptId }) => attemptId));
    const sharing = new Set(this.#lost.filter(({ kind }) => kind === 'shared_call').map(({ contactId }) => contactId));
    return duplicates
      .filter(({ attemptId }) => !told.has(attemptId) && !sharing.has(this.#attempts.get(attemptId)?.contactId))
      .filter(({ kind, attemptId }) => kind === 'attempt_dialled_twice' || this.#matched.inviteOf.has(attemptId))
      .map((duplicate) => this.#placedIn(duplicate, this.#attempts.get(duplicate.attemptId)));
  }

  #countContacts(): void {
    const { campaigns, contacts } = this.#evidence;
    for (const { campaignId, imported } of campaigns) {
      const missing = imported - contacts.filter((contact) => contact.campaignId === campaignId).length;
      if (missing !== 0) this.#lost.push({ kind: 'contacts_missing', why: `campaign ${campaignId}: ${imported} contacts imported, ${imported - missing} there` });
    }
  }

  /** Attempts without an end, rows of open_attempts, contacts that wait for nothing; an attempt and its contact are one finding. */
  #stuck(): Finding[] {
    const { ledger, openAttempts, contacts } = this.#evidence;
    const open = new Set([...ledger.filter(({ disposition }) => disposition === null).map(({ attemptId }) => attemptId), ...openAttempts]);
    const attempts = [...open].map((attemptId): Finding => {
      const attempt = this.#attempts.get(attemptId);
      const why = attempt?.disposition ? `open, though the ledger says ${attempt.disposition}` : 'the attempt has no end';
      return this.#placedIn({ kind: 'open_attempt', attemptId, ...(attempt && { at: attempt.claimedAt }), why }, attempt);
    });
    const told = new Set(attempts.map(({ contactId }) => contactId));
    const still = contacts.filter(({ contactId, status, dueAt }) => !told.has(contactId) && !FINAL.has(status) && !(WAITING.has(status) && dueAt !== null));
    return [...attempts, ...still.map(({ contactId, status }): Finding => ({ kind: 'stuck_contact', contactId, why: WAITING.has(status) ? `${status}, but never due` : status }))];
  }

  #add(finding: Finding, attempt: LedgerAttempt | undefined, excused: boolean): void {
    (excused ? this.#excused : this.#lost).push(this.#placedIn(finding, attempt));
  }

  #placedIn(finding: Finding, attempt: LedgerAttempt | undefined): Finding {
    return attempt ? { ...finding, contactId: attempt.contactId } : finding;
  }
}
