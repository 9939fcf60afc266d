import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import type { LedgerAttempt } from '../../ledger-check/check-ledger.ts';
import type { Evidence, JudgedContact } from '../types.ts';

export const ONCE = { campaignId: 'once', maxAttempts: 1, retryDelayMs: 60_000 };
export const AGAIN = { campaignId: 'again', maxAttempts: 3, retryDelayMs: 60_000 };

export type Mutable = { -readonly [K in keyof Evidence]: Evidence[K] extends readonly (infer T)[] ? T[] : Evidence[K] extends ReadonlyMap<infer K2, infer V> ? Map<K2, V> : Evidence[K] };

type How = 'answered' | 'busy' | 'no_answer' | 'gate' | 'not_sent';
export interface PlannedContact {
  again: boolean;
  firstMs: number;
  attempts: { how: How; waitMs: number; inviteAfterMs: number; callMs: number }[];
}

const CAUSE: Record<How, number | null> = { answered: 16, busy: 17, no_answer: 19, gate: 26, not_sent: null };

/** What a run without fault leaves behind: contacts called as planned, each again only when its campaign allows it. Asterisk dies once, at
 *  `deathAt`, and is back 3 s later: calls of that moment have no end, those less than their `inviteAfterMs` old no INVITE. */
export function history(plan: readonly PlannedContact[], deathAt: number): Mutable {
  const made: Mutable = { invites: [], records: new Map(), pbxDeaths: [deathAt], pbxBacks: [deathAt + 3000], ledger: [], contacts: [], campaigns: [], openAttempts: [] };
  plan.forEach((contact, index) => made.contacts.push(callContact(contact, index, deathAt, made)));
  made.campaigns = [ONCE, AGAIN].map((campaign) => ({ ...campaign, imported: made.contacts.filter(({ campaignId }) => campaignId === campaign.campaignId).length }));
  return made;
}

function callContact(plan: PlannedContact, index: number, deathAt: number, into: Mutable): JudgedContact {
  const { campaignId, maxAttempts, retryDelayMs } = plan.again ? AGAIN : ONCE;
  const contactId = `c${index}`;
  const phone = `+5511900${String(index).padStart(6, '0')}`;
  let claimedAt = 100_000 + plan.firstMs;
  let calls = 0;
  let reached = false;
  for (const [turn, attempt] of plan.attempts.entries()) {
    if (reached || calls >= maxAttempts) break;
    if (claimedAt >= deathAt - 100 && claimedAt <= deathAt + 3000) claimedAt = deathAt + 3100; // nothing is claimed while it is away
    const placed = attempt.how !== 'gate' && attempt.how !== 'not_sent';
    const one = addAttempt(into, { attemptId: `a${index}-${turn}`, contactId, campaignId, phone, claimedAt }, attempt, deathAt);
    calls += placed ? 1 : 0;
    reached = one.disposition === 'answered';
    claimedAt = (one.endedAt ?? 0) + (placed ? retryDelayMs : 5000) + attempt.waitMs;
  }
  const final = reached || calls >= maxAttempts;
  return { contactId, campaignId, phones: [phone], status: reached ? 'completed' : final ? 'failed' : 'retry', dueAt: final ? null : claimedAt };
}

type Identity = Pick<LedgerAttempt, 'attemptId' | 'contactId' | 'campaignId' | 'phone' | 'claimedAt'>;

function addAttempt(into: Mutable, identity: Identity, { how, inviteAfterMs, callMs }: PlannedContact['attempts'][number], deathAt: number): LedgerAttempt {
  const startedAt = identity.claimedAt + 20;
  const inviteAt = startedAt + inviteAfterMs;
  const refused = how === 'gate';
  const over = refused ? startedAt + 1 : inviteAt + callMs;
  const dies = startedAt <= deathAt && over > deathAt && !refused && how !== 'not_sent';
  const answeredAt = how === 'answered' && !(dies && inviteAt + 100 > deathAt) ? inviteAt + 100 : null;
  const disposition = refused || how === 'not_sent' ? 'not_placed' : answeredAt !== null ? 'answered' : dies ? 'failed' : how;
  if (how !== 'not_sent') {
    const record: AttemptFromCel = { attemptId: identity.attemptId, started: true, startedAt, refusedByGate: refused, answeredAt, bridgedAt: answeredAt, endedAt: dies ? null : over, cause: dies ? null : CAUSE[how], starts: 1 };
    into.records.set(identity.attemptId, record);
    if (!refused && !(dies && inviteAt > deathAt)) into.invites.push({ at: inviteAt, number: identity.phone.slice(1), callId: `call-${identity.attemptId}` });
  }
  const attempt: LedgerAttempt = { ...identity, disposition, cause: dies ? null : CAUSE[how], answeredAt, endedAt: dies ? deathAt + 3000 : over, inferred: dies };
  into.ledger.push(attempt);
  return attempt;
}
