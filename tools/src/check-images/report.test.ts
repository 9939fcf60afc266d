import { readFileSync } from 'node:fs';
import { atMost } from '../bench/measurement.ts';
import { APPS, baseImage, DOCKERFILE } from './build-images.ts';
import { imagesReport, readMeasurement, REPORT_FILE } from './report.ts';

test('the committed report is what the committed run gives', () => {
  expect(readFileSync(REPORT_FILE, 'utf8')).toBe(imagesReport(readMeasurement()));
});

test('a check that was missed stands out, and so does a tree that was not committed', () => {
  const text = imagesReport({ ...readMeasurement(), dirty: true, checks: [atMost('largest service image, MB', 251, 250)] });
  expect(text).toContain('| largest service image, MB | <= 250 | **251, missed** |');
  expect(text).toContain(' and changes, on ');
});

test('the committed run built an image for every service that the Dockerfile is for', () => {
  expect(readMeasurement().result.images.map(({ app }) => app)).toEqual(APPS);
  expect(readFileSync(new URL('../../../docker/Dockerfile', import.meta.url), 'utf8')).toContain(`FROM ${baseImage(DOCKERFILE)}`);
});
