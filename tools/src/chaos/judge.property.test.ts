import fc from 'fast-check';
import { placed, type LedgerAttempt } from '../ledger-check/check-ledger.ts';
import { judge } from './judge.ts';
import { history, type Mutable, type PlannedContact } from './testing/history.ts';
import type { FindingKind, Verdict } from './types.ts';

const DEATH = 200_000;

const attempt = fc.record({
  how: fc.constantFrom('answered', 'busy', 'no_answer', 'busy', 'gate', 'not_sent'),
  waitMs: fc.integer({ min: 50, max: 20_000 }),
  inviteAfterMs: fc.integer({ min: 1, max: 1500 }),
  callMs: fc.integer({ min: 150, max: 30_000 }),
});
const contact: fc.Arbitrary<PlannedContact> = fc.record({
  again: fc.boolean(),
  firstMs: fc.integer({ min: 0, max: 200_000 }),
  attempts: fc.array(attempt, { minLength: 1, maxLength: 6 }),
});
const plans = fc.array(contact, { minLength: 5, maxLength: 40 });

test('a history without fault gives nothing but excuses', () => {
  fc.assert(fc.property(plans, (plan) => {
    const made = history(plan, DEATH);
    const { duplicates, lost, stuck, inDoubt, excused, ...counts } = judge(made);
    expect({ duplicates, lost, stuck, inDoubt, ...counts }).toEqual({ duplicates: [], lost: [], stuck: [], inDoubt: [], calls: made.invites.length, attempts: made.ledger.length });
    const cutOff = [...made.records.values()].filter((record) => placed(record) && record.endedAt === null);
    expect(excused.filter(({ kind }) => kind === 'no_end')).toHaveLength(cutOff.length);
  }));
});

type Fault = (made: Mutable, target: LedgerAttempt) => void;
const recordOf = (made: Mutable, { attemptId }: LedgerAttempt) => made.records.get(attemptId)!;
const inviteAt = (made: Mutable, { attemptId }: LedgerAttempt): number => made.invites.find(({ callId }) => callId === `call-${attemptId}`)!.at;
const numberOf = ({ phone }: LedgerAttempt): string => phone.slice(1);
const dropInvite: Fault = (made, { attemptId }) => (made.invites = made.invites.filter(({ callId }) => callId !== `call-${attemptId}`));
const dropRecord: Fault = (made, { attemptId }) => void made.records.delete(attemptId);
const contactOf = (made: Mutable, { contactId }: LedgerAttempt) => made.contacts.find((one) => one.contactId === contactId)!;

function addAttempt(made: Mutable, target: LedgerAttempt, afterMs: number): void {
  const record = recordOf(made, target);
  const ids = { attemptId: `${target.attemptId}-x` };
  made.ledger.push({ ...target, ...ids, claimedAt: target.claimedAt + afterMs, endedAt: (target.endedAt ?? 0) + afterMs, answeredAt: target.answeredAt && target.answeredAt + afterMs });
  made.records.set(ids.attemptId, { ...record, ...ids, startedAt: (record.startedAt ?? 0) + afterMs, endedAt: (record.endedAt ?? 0) + afterMs, answeredAt: record.answeredAt && record.answeredAt + afterMs });
}
const addInvite = (made: Mutable, target: LedgerAttempt, at: number): void => void made.invites.push({ at, number: numberOf(target), callId: 'extra' });

/** what is broken → where it must be found, on which attempts it can be done */
const FAULTS: [string, keyof Verdict, FindingKind, Fault, ((target: LedgerAttempt) => boolean)?][] = [
  ['a second INVITE, once only', 'duplicates', 'too_many_calls', (made, target) => addInvite(made, target, inviteAt(made, target) + 70_000), ({ campaignId }) => campaignId === 'once'],
  ['a second INVITE too soon', 'duplicates', 'called_too_soon', (made, target) => addInvite(made, target, inviteAt(made, target) + 3000), ({ campaignId, attemptId }) => campaignId === 'again' && attemptId.endsWith('-0')],
  ['a second attempt with its call, once only', 'duplicates', 'too_many_calls', (made, target) => (addAttempt(made, target, 90_000), addInvite(made, target, inviteAt(made, target) + 90_000)), ({ campaignId }) => campaignId === 'once'],
  ['an INVITE after a call in doubt', 'duplicates', 'called_after_doubt', (made, target) => {
    Object.assign(target, { disposition: 'in_doubt' });
    addInvite(made, target, inviteAt(made, target) + 100_000);
  }, ({ campaignId, disposition, attemptId }) => campaignId === 'again' && disposition === 'answered' && attemptId.endsWith('-0')],
  ['an attempt missing from the ledger', 'lost', 'unknown_call', (made, target) => (made.ledger = made.ledger.filter((one) => one !== target))],
  ['an INVITE from nowhere', 'lost', 'invite_without_attempt', (made) => void made.invites.push({ at: 150_000, number: '5599', callId: 'extra' })],
  ['an INVITE that never came', 'lost', 'no_invite', dropInvite],
  ['two attempts for one call', 'lost', 'shared_call', (made, target) => addAttempt(made, target, -400)],
  ['a call that the ledger calls not placed', 'lost', 'called_not_placed', (_, target) => Object.assign(target, { disposition: 'not_placed' })],
  ['an INVITE of an attempt not placed', 'lost', 'called_not_placed', (made, target) => (dropRecord(made, target), Object.assign(target, { disposition: 'not_placed' }))],
  ['a call that the PBX has not', 'lost', 'not_recorded', dropRecord],
  ['a disposition without a call', 'lost', 'never_called', (made, target) => (dropRecord(made, target), dropInvite(made, target))],
  ['an answer on one side', 'lost', 'answer_differs', (made, target) => void (recordOf(made, target).answeredAt = target.answeredAt === null ? 5 : null)],
  ['another cause', 'lost', 'cause_differs', (_, target) => void (target.cause = 99)],
  ['an end missing', 'lost', 'no_end', (made, target) => void (recordOf(made, target).endedAt = null)],
  ['an end missing, inferred by us', 'lost', 'no_end', (made, target) => void (recordOf(made, target).endedAt = null, target.inferred = true), ({ claimedAt }) => claimedAt > DEATH],
  ['a contact gone', 'lost', 'contacts_missing', (made, target) => (made.contacts = made.contacts.filter((one) => one !== contactOf(made, target)))],
  ['an attempt without an end', 'stuck', 'open_attempt', (made, target) => {
    Object.assign(target, { disposition: null, endedAt: null });
    made.openAttempts.push(target.attemptId);
    contactOf(made, target).status = 'dialing';
  }],
  ['an open row left', 'stuck', 'open_attempt', (made, target) => void made.openAttempts.push(target.attemptId)],
  ['a contact left dialing', 'stuck', 'stuck_contact', (made, target) => void (contactOf(made, target).status = 'dialing')],
  ['a contact never due', 'stuck', 'stuck_contact', (made, target) => void Object.assign(contactOf(made, target), { status: 'retry', dueAt: null })],
];

test.each(FAULTS)('%s: exactly that is found', (_, where, kind, spoil, fits = () => true) => {
  let spoiled = 0;
  fc.assert(fc.property(plans, fc.nat(), (plan, chance) => {
    const made = history(plan, DEATH);
    // A call of the moment in which Asterisk died has excuses.
    const calm = ({ claimedAt, endedAt }: LedgerAttempt): boolean => (endedAt ?? 0) < DEATH - 3000 || claimedAt > DEATH + 3000;
    const targets = made.ledger.filter((one) => one.disposition !== 'not_placed' && calm(one) && fits(one));
    const target = targets[chance % targets.length];
    if (!target) return;
    spoiled++;
    spoil(made, target);
    const { duplicates, lost, stuck } = judge(made);
    expect({ where, found: [...duplicates, ...lost, ...stuck].map((finding) => finding.kind) }).toEqual({ where, found: [kind] });
    expect({ duplicates, lost, stuck }[where as 'lost']).toHaveLength(1);
    expect(JSON.stringify({ duplicates, lost, stuck })).not.toContain(numberOf(target));
  }));
  expect(spoiled).toBeGreaterThan(20);
});
