import { pacingReport, readMeasurement, readReport } from './report.ts';

const made = readMeasurement();

test('the committed report and its charts are what the committed measurement gives', () => {
  const different = Object.entries(pacingReport(made)).filter(([file, text]) => readReport(file) !== text);
  expect(different.map(([file]) => file)).toEqual([]);
});

test('a figure that was missed is told', () => {
  const [first, ...others] = made.checks;
  const missed = { ...made, checks: [{ ...first, name: 'busy agents, %', value: 12.5, limit: '>= 80', ok: false }, ...others] };
  expect(pacingReport(missed)['pacing.md']).toContain('| busy agents, % | >= 80 | **12.5, missed** |');
});

test('a row without a column has an empty cell', () => {
  const [row] = made.result.rows;
  const partial = { ...made, result: { ...made.result, rows: [{ scenario: '7 agents, 30 %', agents: 7, answerPercent: 30, tuned: [], predictive: row?.predictive }] } };
  expect(pacingReport(partial)['pacing.md']).toContain('| 7 agents, 30 % |  |  |  |  |  | **');
});
