import { readFileSync } from 'node:fs';
import { outageReport, readMeasurement, REPORT_FILE } from './report.ts';

test('the committed report is what the committed measurement gives', () => {
  expect(readFileSync(REPORT_FILE, 'utf8')).toBe(outageReport(readMeasurement()));
});
