import { validate, version } from 'uuid';
import { importedContactId } from './imported-contact-id.ts';

const job = { jobId: '019a0000-0000-7000-8000-00abcdef0123', createdAt: new Date('2026-11-20T12:00:00.123Z') };
const lines = [1, 2, 255, 256, 4_194_303, 4_194_304, 1_000_000_000, 2 ** 34 - 1];

test('is a UUID v7, the same at every repeat, in the order of the lines', () => {
  const ids = lines.map((line) => importedContactId(job, line));
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(ids.every((id) => id.endsWith('abcdef0123'))).toBe(true);
  expect([...new Set(ids)].sort()).toEqual(ids);
});
