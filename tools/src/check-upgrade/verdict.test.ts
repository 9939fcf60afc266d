import { measurement } from '../bench/measurement.ts';
import type { CampaignCheck } from '../ledger-check/read-ledger.ts';
import { STAGE, verdict, type UpgradeCounts } from './verdict.ts';

const check: CampaignCheck = { calls: 900, matched: 900, mismatches: [], duplicates: [], inDoubt: 0, open: 0, attempts: 900, byDisposition: { busy: 900 }, contactsByStatus: { failed: 600 } };
const counts: UpgradeCounts = { beside: { present: 80, older: 70 }, byOlder: STAGE, afterRollback: 1, unfinished: 0, notShipped: 0 };
const found = { attemptId: 'a1', why: 'x' };

const judge = (over: Partial<CampaignCheck> = {}, others: Partial<UpgradeCounts> = {}) => measurement('upgrade', 0, { baseline: {}, ratio: {}, ...verdict({ ...check, ...over }, { ...counts, ...others }) });

test('an upgrade that went well, and what it tells', () => {
  const made = judge();
  expect([made.ok, made.checks.filter(({ ok }) => !ok)]).toEqual([true, []]);
  expect(made.result).toEqual({ attempts: 900, calls: 900, matched: 900, byDisposition: { busy: 900 }, inDoubt: 0, beside: { present: 80, older: 70 }, byOlder: STAGE, afterRollback: 1 });
});

test.each<[string, number, Partial<CampaignCheck>, Partial<UpgradeCounts>]>([
  ['duplicates', 1, { duplicates: [{ ...found, kind: 'attempt_dialled_twice' }] }, {}],
  ['attempts that ledger and PBX tell differently', 2, { mismatches: [{ ...found, kind: 'unknown_call' }, { ...found, kind: 'cause_differs' }] }, {}],
  ['attempts without an end', 1, { open: 1 }, {}],
  ['contacts without a final status', 1, {}, { unfinished: 1 }],
  ['in doubt', 1, { inDoubt: 1 }, {}],
  ['attempts whose records were not shipped', 1, {}, { notShipped: 1 }],
  ['attempts by this commit beside the older one', 0, {}, { beside: { present: 0, older: 150 } }],
  ['attempts by the older commit beside this one', 0, {}, { beside: { present: 150, older: 0 } }],
  ['attempts by the older commit', STAGE - 1, {}, { byOlder: STAGE - 1 }],
  ['attempts after the rollback', 0, {}, { afterRollback: 0 }],
])('%s: %d, and it alone, makes it fail and is named', (name, value, over, others) => {
  const made = judge(over, others);
  expect(made.ok).toBe(false);
  expect(made.checks.filter(({ ok }) => !ok)).toEqual([expect.objectContaining({ name, value })]);
});

test('what could not be counted is no success', () => {
  expect(judge({}, { byOlder: Number.NaN, unfinished: Number.NaN }).checks.filter(({ ok }) => !ok)).toHaveLength(2);
});
