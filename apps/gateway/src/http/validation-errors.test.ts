import { campaignCreateSchema, campaignPatchSchema } from '@discador/contracts/http/campaigns';
import { fieldErrorsOf } from './validation-errors.ts';

const errorsOf = (input: unknown, schema: typeof campaignCreateSchema | typeof campaignPatchSchema = campaignCreateSchema) => {
  const result = schema.safeParse(input);
  return result.success ? [] : fieldErrorsOf(result.error.issues, input);
};

test('missing, unknown, wrong type, wrong format, out of range: each has its code', () => {
  const errors = errorsOf({ queue: 7, maxChannels: 0, retryDelaySec: 1e9, callerId: 'abc', surprise: 1 });
  expect(Object.fromEntries(errors.map(({ field, code }) => [field, code]))).toEqual({
    name: 'required', queue: 'wrong_type', maxChannels: 'too_small', retryDelaySec: 'too_big', callerId: 'wrong_format', surprise: 'unknown_field',
  });
});

test.each(['24:00', '23:59', '00:00'])('a window may end at %s', (windowTo) => expect(errorsOf({ windowTo }, campaignPatchSchema)).toEqual([]));
test.each(['24:01', '7:00', '25:00', '07:60', '07:00:00'])('a window may not end at %s', (windowTo) => expect(errorsOf({ windowTo }, campaignPatchSchema)).toHaveLength(1));

test.each(['America/Sao_Paulo', 'UTC', 'Etc/GMT+3'])('%s is a time zone', (timeZone) => expect(errorsOf({ timeZone }, campaignPatchSchema)).toEqual([]));
test.each(['Brazil', '+03:00', '-3', '', 'America/Atlantis', 'UTC\n'])('%j is none', (timeZone) => expect(errorsOf({ timeZone }, campaignPatchSchema)).toHaveLength(1));

test('a long list of unknown fields and long names are cut', () => {
  const input = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${'x'.repeat(200)}${index}`, 1]));
  const errors = errorsOf({ ...input }, campaignPatchSchema);
  expect(errors).toHaveLength(100);
  expect(errors[0]?.field).toHaveLength(80);
});

test('control characters are no part of a name', () => expect(errorsOf({ name: 'a\r\nb', queue: 'q' })).toMatchObject([{ field: 'name', code: 'wrong_format' }]));
