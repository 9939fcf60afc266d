import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import { checkLedger, type LedgerAttempt } from './check-ledger.ts';

const attempt = (attemptId: string, over: Partial<LedgerAttempt> = {}): LedgerAttempt => ({
  attemptId, contactId: `c-${attemptId}`, campaignId: 'k', phone: `+55${attemptId}`, claimedAt: 9, disposition: 'busy', cause: 17, answeredAt: null, endedAt: 20, inferred: false, ...over,
});
const record = (attemptId: string, over: Partial<AttemptFromCel> = {}): AttemptFromCel => ({
  attemptId, started: true, startedAt: 10, refusedByGate: false, answeredAt: null, bridgedAt: null, endedAt: 20, cause: 17, starts: 1, ...over,
});
const check = (ledger: LedgerAttempt[], records: AttemptFromCel[]) => checkLedger(ledger, new Map(records.map((one) => [one.attemptId, one])));

test('a ledger that agrees', () => {
  const result = check(
    [attempt('1'), attempt('2', { disposition: 'answered', cause: 16, answeredAt: 12 }), attempt('3', { disposition: 'not_placed', cause: 26 }), attempt('4', { disposition: 'not_placed' })],
    [record('1'), record('2', { cause: 16, answeredAt: 12 }), record('3', { cause: 26, refusedByGate: true })],
  );
  expect(result).toEqual({ calls: 2, matched: 2, mismatches: [], duplicates: [], inDoubt: 0, open: 0 });
});

test.each([
  ['a call that the ledger does not know', [], [record('1')]],
  ['an attempt that the PBX does not know', [attempt('1')], []],
  ['an attempt without an end', [attempt('1', { disposition: null })], [record('1')]],
  ['another cause', [attempt('1', { cause: 34 })], [record('1')]],
  ['answered on one side only', [attempt('1')], [record('1', { answeredAt: 12 })]],
  ['answered on the other side only', [attempt('1', { answeredAt: 12 })], [record('1')]],
  ['a disposition that its own answer belies', [attempt('1', { answeredAt: 12 })], [record('1', { answeredAt: 12 })]],
  ['not placed, but the PBX called', [attempt('1', { disposition: 'not_placed' })], [record('1')]],
  ['an end that the PBX never wrote', [attempt('1')], [record('1', { endedAt: null })]],
])('finds %s', (_, ledger, records) => {
  expect(check(ledger, records).mismatches).toHaveLength(1);
});

test('a call that died with its PBX is over when that was seen; one that only has no end is on the line', () => {
  const again = attempt('2', { phone: '+551' });
  const records = [record('1', { endedAt: null }), record('2', { startedAt: 30, endedAt: 40 })];
  const first = (over: Partial<LedgerAttempt>): LedgerAttempt => attempt('1', { phone: '+551', ...over });
  expect(check([first({ inferred: true, endedAt: 29 }), again], records).duplicates).toEqual([]);
  expect(check([first({ inferred: true, endedAt: 31 }), again], records).duplicates).toHaveLength(1);
  expect(check([first({ inferred: false, endedAt: 29 }), again], records).duplicates).toHaveLength(1);
});

test('finds a number on the line twice at once, an attempt dialled twice and a contact called after it was reached', () => {
  const two = [attempt('1', { phone: '+551' }), attempt('2', { phone: '+551' })];
  expect(check(two, [record('1'), record('2', { startedAt: 15, endedAt: 25 })]).duplicates).toHaveLength(1);
  expect(check(two, [record('1'), record('2', { startedAt: 21, endedAt: 25 })]).duplicates).toHaveLength(0);
  expect(check([attempt('1')], [record('1', { starts: 2 })]).duplicates).toHaveLength(1);
  const reached = [attempt('1', { contactId: 'c', disposition: 'answered', cause: 16, answeredAt: 12 }), attempt('2', { contactId: 'c' })];
  expect(check(reached, [record('1', { cause: 16, answeredAt: 12 }), record('2', { startedAt: 30, endedAt: 40 })]).duplicates).toHaveLength(1);
});
