import { judgeBaseline, judgeMutated, type JestReport } from './verdict.ts';

const TEST = { kind: 'it', path: 'libs/x.it.test.ts', name: 'a new term' } as const;
const ASSERTION = 'Error: \u001b[2mexpect(\u001b[22mreceived\u001b[2m).\u001b[22mtoEqual(expected)';
type Result = JestReport['testResults'][number]['assertionResults'][number];
const result = (status: string, message?: string, fullName = 'claim a new term voids'): Result => ({ fullName, status, failureMessages: message === undefined ? [] : [message] });
const report = (...assertionResults: Result[]): JestReport => ({ testResults: [{ name: '/tmp/s/libs/x.it.test.ts', message: '', assertionResults }] });

test.each([
  ['an assertion', ASSERTION],
  ['waiting in vain', 'thrown: "Exceeded timeout of 5000 ms for a test.'],
  ['a property', 'Error: Property failed after 3 tests'],
])('red by %s is red', (_by, message) => {
  expect(judgeMutated(report(result('failed', message)), TEST)).toEqual({ ok: true, says: 'red' });
});

test('red is not what failed because the patch is no good', () => {
  expect(judgeMutated(report(result('failed', 'error: syntax error at or near "AND"\n  at x')), TEST)).toEqual({ ok: false, says: 'failed, but not by an assertion: error: syntax error at or near "AND"' });
});

test('one assertion among several failures is enough', () => {
  expect(judgeMutated(report(result('failed', 'TypeError: x'), result('failed', ASSERTION)), TEST).ok).toBe(true);
});

test('green, and the red of another test, is green', () => {
  expect(judgeMutated(report(result('passed')), TEST)).toEqual({ ok: false, says: 'STAYED GREEN' });
  expect(judgeMutated(report(result('passed'), result('failed', ASSERTION, 'another')), TEST)).toEqual({ ok: false, says: 'STAYED GREEN' });
});

test('without a name any test of the file may turn red', () => {
  expect(judgeMutated(report(result('failed', ASSERTION, 'another')), { ...TEST, name: null }).ok).toBe(true);
});

const UNLOADED: JestReport = { testResults: [{ name: '/tmp/s/libs/x.it.test.ts', message: '  ● Test suite failed to run\n\n    x Expected a semicolon', assertionResults: [] }] };

test.each([
  ['no report', null, /no report/],
  ['a file that cannot be loaded', UNLOADED, /cannot be loaded: x Expected a semicolon/],
  ['no test of that name', report(result('pending'), result('passed', undefined, 'another')), /no test is named a new term/],
  ['a file that was not run', { testResults: [] }, /was not run/],
])('%s is neither red nor green', (_what, given, says) => {
  for (const judge of [judgeMutated, judgeBaseline]) expect(judge(given, TEST)).toEqual({ ok: false, says: expect.stringMatching(says) });
});

test('a baseline is green, or names what is red', () => {
  expect(judgeBaseline(report(result('passed'), result('failed', ASSERTION, 'another')), TEST)).toEqual({ ok: true, says: 'green' });
  expect(judgeBaseline(report(result('passed'), result('failed', ASSERTION, 'a new term takes')), TEST)).toEqual({ ok: false, says: 'red without the patch: a new term takes' });
});
