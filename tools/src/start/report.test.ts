import type { CampaignCheck } from '../ledger-check/read-ledger.ts';
import { reportText, resultOf } from './report.ts';

const RUN = { campaignId: 'k', seconds: 12.34, imported: 3, rejected: 1 };
const check = (over: Partial<CampaignCheck> = {}): CampaignCheck => ({
  calls: 4, matched: 4, mismatches: [], duplicates: [], inDoubt: 0, open: 0, attempts: 4, byDisposition: { busy: 4 }, contactsByStatus: { completed: 1, failed: 2 }, ...over,
});
const twice = { kind: 'attempt_dialled_twice', attemptId: 'a1', why: 'dialled twice' } as const;
const differs = { kind: 'cause_differs', attemptId: 'a2', why: 'another cause' } as const;

test('a campaign that went well', () => {
  expect(resultOf(RUN, check())).toEqual({
    ok: true, campaignId: 'k', seconds: 12.3, contacts: { imported: 3, rejected: 1, byStatus: { completed: 1, failed: 2 } },
    attempts: { total: 4, byDisposition: { busy: 4 } }, pbx: { calls: 4, matched: 4, mismatched: 0 }, duplicates: 0, inDoubt: 0, unaccounted: 0,
  });
});

test.each([
  ['a call that ledger and PBX tell differently', check({ mismatches: [differs] }), { pbx: { calls: 4, matched: 4, mismatched: 1 } }],
  ['a call too many', check({ duplicates: [twice] }), { duplicates: 1 }],
  ['an attempt without an end', check({ open: 1 }), { unaccounted: 1 }],
  ['contacts that are not final', check({ contactsByStatus: { completed: 1, dialing: 1, pending: 1 } }), { unaccounted: 2 }],
  ['a contact that is gone', check({ contactsByStatus: { completed: 2 } }), { unaccounted: 1 }],
  ['a contact that nobody imported', check({ contactsByStatus: { completed: 4 } }), { unaccounted: 1 }],
])('%s is not ok', (_what, found, counted) => {
  expect(resultOf(RUN, found)).toMatchObject({ ok: false, ...counted });
});

test('in doubt is told, and is no failure: it is never dialled to find out', () => {
  expect(resultOf(RUN, check({ inDoubt: 1 }))).toMatchObject({ ok: true, inDoubt: 1 });
});

test('the report for people names what was found', () => {
  const found = check({ mismatches: [differs], duplicates: [twice] });
  expect(reportText(resultOf(RUN, found), found)).toMatch(/✗ the ledger and the PBX do not agree[^]*a2: another cause\n {2}a1: dialled twice/);
});
