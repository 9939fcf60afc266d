import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

test.each([
  ['09:00', '21:00', 'UTC', '08:59:59Z', false],
  ['09:00', '21:00', 'UTC', '09:00:00Z', true],
  ['09:00', '21:00', 'UTC', '20:59:59Z', true],
  ['09:00', '21:00', 'UTC', '21:00:00Z', false],
  ['09:00', '24:00', 'UTC', '23:59:59Z', true],
  ['22:00', '02:00', 'UTC', '21:59:59Z', false],
  ['22:00', '02:00', 'UTC', '23:00:00Z', true],
  ['22:00', '02:00', 'UTC', '01:59:59Z', true],
  ['22:00', '02:00', 'UTC', '02:00:00Z', false],
  ['08:00', '08:00', 'UTC', '03:00:00Z', true],
  ['09:00', '21:00', 'America/Sao_Paulo', '11:59:59Z', false],
  ['09:00', '21:00', 'America/Sao_Paulo', '23:59:59Z', true],
  ['09:00', '21:00', 'Asia/Tokyo', '00:00:00Z', true],
  ['09:00', '21:00', 'Asia/Tokyo', '12:00:00Z', false],
])('calling hours %s to %s in %s at %s: %s', async (from, to, zone, at, inside) => {
  const { rows } = await own.pool.query<{ inside: boolean }>('SELECT in_calling_window($1, $2, $3, $4) AS inside', [from, to, zone, `2026-07-01T${at}`]);
  expect(rows[0]?.inside).toBe(inside);
});
