import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import type { LedgerAttempt } from '../ledger-check/check-ledger.ts';
import { judge } from './judge.ts';
import { AGAIN, ONCE } from './testing/history.ts';
import type { Evidence, JudgedContact, Verdict } from './types.ts';

const T = 1_000_000;
const SEC = 1000;

const attempt = (over: Partial<LedgerAttempt> = {}): LedgerAttempt => ({
  attemptId: 'a1', contactId: 'c', campaignId: 'again', phone: '+551', claimedAt: T - 20, disposition: 'busy', cause: 17, answeredAt: null, endedAt: T + 5 * SEC, inferred: false, ...over,
});
const record = (over: Partial<AttemptFromCel> = {}): AttemptFromCel => ({
  attemptId: 'a1', started: true, startedAt: T, refusedByGate: false, answeredAt: null, bridgedAt: null, endedAt: T + 5 * SEC, cause: 17, starts: 1, ...over,
});
const invite = (at = T + 100, number = '551') => ({ at, number, callId: `${number}@${at}` });
const contact = (over: Partial<JudgedContact> = {}): JudgedContact => ({ contactId: 'c', campaignId: 'again', phones: ['+551'], status: 'retry', dueAt: T + 65 * SEC, ...over });

type Parts = Partial<Omit<Evidence, 'records'>> & { records?: AttemptFromCel[] };
function verdict({ records = [record()], ...parts }: Parts): Verdict {
  const contacts = parts.contacts ?? [contact()];
  const campaigns = [ONCE, AGAIN].map((one) => ({ ...one, imported: contacts.filter(({ campaignId }) => campaignId === one.campaignId).length }));
  return judge({
    invites: [invite()], pbxDeaths: [], pbxBacks: [], ledger: [attempt()], campaigns, openAttempts: [], ...parts,
    contacts, records: new Map(records.map((one) => [one.attemptId, one])),
  });
}
const kinds = ({ duplicates, lost, stuck, excused }: Verdict) => ({
  duplicates: duplicates.map(({ kind }) => kind), lost: lost.map(({ kind }) => kind), stuck: stuck.map(({ kind }) => kind), excused: excused.map(({ kind }) => kind),
});
const found = (over: Partial<ReturnType<typeof kinds>> = {}) => ({ duplicates: [], lost: [], stuck: [], excused: [], ...over });

test('one call that all agree on', () => {
  expect(verdict({})).toEqual({ calls: 1, attempts: 1, duplicates: [], lost: [], stuck: [], inDoubt: [], excused: [] });
});

describe('calls too many', () => {
  const second = (afterMs: number, over: Partial<LedgerAttempt> = {}): Parts => ({
    ledger: [attempt(), attempt({ attemptId: 'a2', claimedAt: T - 20 + afterMs, endedAt: T + afterMs + 5 * SEC, ...over })],
    records: [record(), record({ attemptId: 'a2', startedAt: T + afterMs, endedAt: T + afterMs + 5 * SEC })],
    invites: [invite(), invite(T + 100 + afterMs)],
  });

  test.each([[59.9, ['called_too_soon']], [60, []]])('a retry after %d s', (afterSec, duplicates) => {
    expect(kinds(verdict(second(afterSec * SEC)))).toEqual(found({ duplicates: duplicates as never[] }));
  });

  test('whoever may be called once is called twice, however late', () => {
    const twice = second(3600 * SEC);
    expect(kinds(verdict({ ...twice, contacts: [contact({ campaignId: 'once' })] }))).toMatchObject({ duplicates: ['too_many_calls'], lost: [] });
    expect(kinds(verdict({ ...twice, contacts: [contact({ campaignId: 'once' })], invites: [invite()] }))).toMatchObject({ duplicates: [], lost: ['no_invite'] });
  });

  test('a call in doubt that reached the carrier is not repeated; one that did not is no duplicate', () => {
    const again = second(90 * SEC);
    const ledger = [attempt({ disposition: 'in_doubt' }), ...(again.ledger ?? []).slice(1)];
    expect(kinds(verdict({ ...again, ledger }))).toEqual(found({ duplicates: ['called_after_doubt'] as never[] }));
    const records = (again.records ?? []).slice(1);
    expect(kinds(verdict({ ...again, ledger, records, invites: [invite(T + 90 * SEC + 100)] }))).toEqual(found());
  });

  test('another number is another call', () => {
    const contacts = [contact(), contact({ contactId: 'd', phones: ['+552'] })];
    expect(kinds(verdict({ ...second(SEC, { contactId: 'd', phone: '+552' }), invites: [invite(), invite(T + 1100, '552')], contacts }))).toEqual(found());
  });
});

describe('the dial gate', () => {
  test('an attempt that it refused needs no call, and must not have one', () => {
    const refused = { ledger: [attempt({ disposition: 'not_placed', cause: 26 })], records: [record({ refusedByGate: true, cause: 26, endedAt: T + 1 })] };
    expect(kinds(verdict({ ...refused, invites: [] }))).toEqual(found());
    expect(kinds(verdict(refused))).toEqual(found({ lost: ['invite_without_attempt'] as never[] }));
  });

  test('an INVITE must come within seconds', () => {
    expect(kinds(verdict({ invites: [invite(T + 7 * SEC)] }))).toEqual(found());
    expect(kinds(verdict({ invites: [invite(T + 30 * SEC)] })).lost.sort()).toEqual(['invite_without_attempt', 'no_invite']);
  });
});

describe('when Asterisk dies', () => {
  const cutOff = { records: [record({ endedAt: null, cause: null })], ledger: [attempt({ disposition: 'failed', cause: null, endedAt: T + 9 * SEC, inferred: true })] };

  test.each([
    ['during the call', T + 3 * SEC, T + 6 * SEC, 'excused'],
    ['before the call', T - 9 * SEC, T - 6 * SEC, 'lost'],
    ['long after any call is over', T + 500 * SEC, T + 503 * SEC, 'lost'],
    ['slowly: the call began in between', T - SEC, T + 3 * SEC, 'excused'],
  ])('%s: the missing end', (_, death, back, where) => {
    expect(kinds(verdict({ ...cutOff, pbxDeaths: [death], pbxBacks: [back] }))).toEqual(found({ [where]: ['no_end'] }));
  });

  test('an end that was seen before does not excuse the PBX', () => {
    const seen = { records: cutOff.records, ledger: [attempt({ endedAt: T + 5 * SEC })], pbxBacks: [T + 12 * SEC] };
    expect(kinds(verdict({ ...seen, pbxDeaths: [T + 9 * SEC] }))).toEqual(found({ lost: ['no_end'] as never[] }));
    expect(kinds(verdict({ ...seen, pbxDeaths: [T + 5.5 * SEC] }))).toEqual(found({ excused: ['no_end'] as never[] }));
  });

  test('the INVITE of a call just begun may be missing, that of an older one not', () => {
    const missing = (death: number) => kinds(verdict({ ...cutOff, invites: [], pbxDeaths: [death], pbxBacks: [death + 3 * SEC] }));
    expect(missing(T + 1.9 * SEC)).toEqual(found({ excused: ['no_end', 'no_invite'] as never[] }));
    expect(missing(T + 2.1 * SEC)).toEqual(found({ excused: ['no_end'] as never[], lost: ['no_invite'] as never[] }));
  });

  test('an answer of its last second may have been told to one side only', () => {
    const answered = (at: number) => ({ ...cutOff, ledger: [attempt({ disposition: 'answered', cause: null, answeredAt: at, endedAt: T + 9 * SEC, inferred: true })], pbxDeaths: [T + 4 * SEC], pbxBacks: [T + 7 * SEC] });
    expect(kinds(verdict(answered(T + 3.9 * SEC))).lost).toEqual([]);
    expect(kinds(verdict(answered(T + 2 * SEC))).lost).toEqual(['answer_differs']);
  });

  test('its calls are not on the line for ever', () => {
    const later = { ledger: [...cutOff.ledger, attempt({ attemptId: 'a2', claimedAt: T + 79 * SEC, endedAt: T + 85 * SEC })], records: [...cutOff.records, record({ attemptId: 'a2', startedAt: T + 80 * SEC, endedAt: T + 85 * SEC })] };
    expect(kinds(verdict({ ...later, invites: [invite(), invite(T + 80 * SEC + 100)], pbxDeaths: [T + SEC], pbxBacks: [T + 4 * SEC] }))).toEqual(found({ excused: ['no_end'] as never[] }));
  });
});

test('an attempt dialled twice is found with one INVITE, and once with two', () => {
  const records = [record({ starts: 2 })];
  expect(kinds(verdict({ records }))).toEqual(found({ duplicates: ['attempt_dialled_twice'] as never[] }));
  expect(kinds(verdict({ records, invites: [invite(), invite(T + SEC)] }))).toEqual(found({ duplicates: ['called_too_soon'] as never[] }));
});

describe('attempts in doubt are explained', () => {
  const doubt = attempt({ disposition: 'in_doubt', cause: null, inferred: true });
  const why = (parts: Parts): string | undefined => verdict({ ledger: [doubt], ...parts }).inDoubt[0]?.why;

  test.each<[Parts, string]>([
    [{ records: [record({ endedAt: null })], pbxDeaths: [T + 300], pbxBacks: [T + 3 * SEC] }, 'Asterisk died 0.3 s after the start; the PBX has its start, no answer and no end; the carrier got an INVITE; not called again'],
    [{ records: [], invites: [], pbxDeaths: [T + 80], pbxBacks: [T + 3 * SEC] }, 'Asterisk died 0.1 s after the claim; the PBX has no start of it; the carrier got none; not called again'],
    [{ records: [record()] }, 'the PBX has its start, no answer and its end, cause 17; the carrier got an INVITE; not called again'],
    [{ records: [record()], invites: [invite(), invite(T + 70 * SEC)] }, 'the PBX has its start, no answer and its end, cause 17; the carrier got an INVITE; called again 70.0 s later'],
    [{ records: [record({ refusedByGate: true })], invites: [] }, 'the PBX has a start that the dial gate refused; the carrier got none; not called again'],
  ])('%#', (parts, text) => {
    expect(why(parts)).toBe(text);
  });
});

test.each<[Partial<JudgedContact>, string[]]>([
  [{ status: 'ready', dueAt: T }, []], [{ status: 'retry', dueAt: null }, ['stuck_contact']], [{ status: 'completed', dueAt: null }, []],
  [{ status: 'failed', dueAt: null }, []], [{ status: 'dialing', dueAt: T }, ['stuck_contact']],
])('a contact %o', (over, stuck) => {
  expect(kinds(verdict({ contacts: [contact(over)] }))).toEqual(found({ stuck: stuck as never[] }));
});

test('an attempt open at the end, its row and its contact are one finding', () => {
  const open = { ledger: [attempt({ disposition: null, endedAt: null })], openAttempts: ['a1'], contacts: [contact({ status: 'dialing', dueAt: null })] };
  expect(verdict(open).stuck).toEqual([{ kind: 'open_attempt', attemptId: 'a1', contactId: 'c', at: T - 20, why: 'the attempt has no end' }]);
});
