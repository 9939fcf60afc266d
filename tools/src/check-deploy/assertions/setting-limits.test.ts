import { z } from 'zod';
import { checkLimits } from './setting-limits.ts';

const schema = z.strictObject({ httpPort: z.coerce.number(), tickMs: z.coerce.number().int().min(50).max(60_000), level: z.enum(['info', 'warn']) });
const right = { tickMs: { type: 'integer', minimum: 50, maximum: 60_000 }, level: { enum: ['info', 'warn'] } };

test('limits that are the app’s own are fine', () => {
  expect(checkLimits('master', right, schema)).toEqual([]);
});

test.each([
  ['a wider minimum', { ...right, tickMs: { minimum: 1, maximum: 60_000 } }, /another minimum than 1/],
  ['a narrower minimum', { ...right, tickMs: { minimum: 100, maximum: 60_000 } }, /another minimum than 100/],
  ['a wider maximum', { ...right, tickMs: { minimum: 50, maximum: 90_000 } }, /another maximum than 90000/],
  ['a value that the app does not take', { ...right, level: { enum: ['info', 'loud'] } }, /does not take loud/],
  ['a setting that the app lacks', { ...right, pace: {} }, /is no setting of the service/],
  ['a setting that the chart lacks', { level: right.level }, /tickMs: .*missing in values.schema.json/],
])('%s is found', (_name, offered, says) => {
  expect(checkLimits('master', offered, schema).map((finding) => `${finding.at}: ${finding.says}`).join('\n')).toMatch(says);
});
