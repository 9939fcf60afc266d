import type { Mutation } from './mutation.ts';

/** The part of jest's JSON report that is judged. */
export interface JestReport {
  testResults: {
    /** absolute path of the test file */
    name: string;
    /** why the file could not be loaded, among others */
    message: string;
    /** none when it could not */
    assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[];
  }[];
}

export interface Verdict {
  ok: boolean;
  /** one line for people */
  says: string;
}

const COLOURS = /\u001b\[[0-9;]*m/g;
/** What a test says that looked and saw something else than it should, or waited for what never came. Anything else that was thrown
 *  (a statement that PostgreSQL cannot parse, a name that is not defined) says that the patch is no good, not that the guard is held. */
const BY_ASSERTION = /expect\(|Exceeded timeout of|Property failed after|not within \d+ ms/

/** Whether the named test turned red because of the patch.
 *  @param report null when jest gave none */
export function judgeMutated(report: JestReport | null, test: Mutation['test']): Verdict {
  const unheard = cannotBeHeard(report, test);
  if (unheard) return { ok: false, says: unheard };
  const failed = ofTest(report, test).filter(({ status }) => status === 'failed');
  if (failed.length === 0) return { ok: false, says: 'STAYED GREEN' };
  const messages = failed.flatMap(({ failureMessages }) => failureMessages ?? []).map((message) => message.replace(COLOURS, ''));
  if (!messages.some((message) => BY_ASSERTION.test(message))) return { ok: false, says: `failed, but not by an assertion: ${firstLine(messages[0])}` };
  return { ok: true, says: 'red' };
}

/** Whether the named test is green without the patch: a red one proves nothing. */
export function judgeBaseline(report: JestReport | null, test: Mutation['test']): Verdict {
  const unheard = cannotBeHeard(report, test);
  if (unheard) return { ok: false, says: `without the patch: ${unheard}` };
  const failed = ofTest(report, test).find(({ status }) => status === 'failed');
  if (failed) return { ok: false, says: `red without the patch: ${failed.fullName}` };
  return { ok: true, says: 'green' };
}

function cannotBeHeard(report: JestReport | null, test: Mutation['test']): string | null {
  if (!report) return 'jest gave no report in time';
  const suite = suiteOf(report, test.path);
  if (!suite) return 'the test file was not run';
  if (suite.assertionResults.length === 0) return `the test file cannot be loaded: ${firstLine(suite.message)}`;
  return ofTest(report, test).length > 0 ? null : `no test is named ${test.name ?? ''}`;
}

function suiteOf(report: JestReport, path: string): JestReport['testResults'][number] | undefined {
  return report.testResults.find(({ name }) => name.endsWith(`/${path}`));
}

/** The results of the named tests; those that jest left out are none. */
function ofTest(report: JestReport | null, { path, name }: Mutation['test']): JestReport['testResults'][number]['assertionResults'] {
  const results = (report && suiteOf(report, path)?.assertionResults) ?? [];
  return results.filter(({ fullName, status }) => (status === 'passed' || status === 'failed') && (name === null || fullName.includes(name)));
}

function firstLine(text: string | undefined): string {
  const lines = (text ?? '').replace(COLOURS, '').split('\n').map((line) => line.replace(/^[\s●]+/, '').trim());
  return lines.find((line) => line !== '' && line !== 'Test suite failed to run')?.slice(0, 160) ?? 'no message';
}
