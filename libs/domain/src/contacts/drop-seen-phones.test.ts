import { dropSeenPhones } from './drop-seen-phones.ts';
import type { GoodRow } from './imported-row.ts';

const row: GoodRow = { ok: true, contact: { name: 'Ana', phones: ['+1', '+2', '+3'] }, phoneColumns: ['fone', 'fone2', 'fone3'], notes: [] };
const drop = (...seen: string[]) => dropSeenPhones(row, (phone) => seen.includes(phone), 'duplicate_in_file');

test('leaves a new contact as it is', () => expect(drop()).toBe(row));

test('refuses a row whose main phone is taken', () => {
  expect(drop('+1', '+3')).toEqual({ ok: false, column: 'fone', code: 'duplicate_in_file' });
});

test('leaves a taken alternate out and notes its column', () => {
  expect(drop('+2')).toEqual({
    ok: true,
    contact: { name: 'Ana', phones: ['+1', '+3'] },
    phoneColumns: ['fone', 'fone3'],
    notes: [{ column: 'fone2', code: 'alternate_duplicate' }],
  });
});
