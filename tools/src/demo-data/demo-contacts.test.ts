import { readFileSync } from 'node:fs';
import { type ContactRow, readContacts, type ReadEvent } from '@discador/import/read-contacts';
import { collect, streamOf } from '@discador/import/testing/collect';
import { DEMO_CONTACTS, demoContacts } from './demo-contacts.ts';

const file = demoContacts();
let events: ReadEvent[] = [];

beforeAll(async () => {
  events = await collect(readContacts(streamOf(file), { areaCode: '11', fixOldMobiles: true }));
});

test('the committed file is what the script writes', () => {
  expect(readFileSync(new URL('../../../demo/contacts.csv', import.meta.url)).equals(file)).toBe(true);
});

test('all contacts are imported, and there is a bad row of each kind', () => {
  expect(events.at(-1)).toMatchObject({ contacts: DEMO_CONTACTS, rejected: 25, encoding: 'utf-8', refused: null });
  const codes = new Set(events.flatMap((event) => (event.kind === 'rejected' ? [event.code] : [])));
  expect([...codes].sort()).toEqual([
    'column_count', 'control_characters', 'duplicate_in_file', 'name_too_long', 'phone_area_unknown', 'phone_characters', 'phone_empty',
    'phone_invalid', 'phone_too_long', 'phone_too_short', 'quote_misplaced', 'quote_unterminated', 'wrong_encoding',
  ]);
});

test('the numbers give the mixture of outcomes that the demo shows', () => {
  const phones = events.filter((event): event is ContactRow => event.kind === 'contact').map((event) => event.contact.phones[0] ?? '');
  const share = (last: RegExp) => phones.filter((phone) => last.test(phone)).length / phones.length;
  expect(share(/[0-2][12][179]$/)).toBeCloseTo(0.11, 1); // answers within 2 s, talks 2–4 s
  expect(share(/3$/)).toBeCloseTo(0.08, 1);
  expect(share(/2$/)).toBeCloseTo(0.34, 1);
  expect(share(/5$/)).toBeCloseTo(0.22, 1);
  expect(share(/[48]$/)).toBeCloseTo(0.24, 1);
  expect(share(/6$/)).toBeCloseTo(0.01, 1);
  expect(phones.every((phone) => phone.startsWith('+55'))).toBe(true);
});
