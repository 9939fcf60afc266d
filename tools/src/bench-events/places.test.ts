import { callNumberOf, findPlaces, type Place, textAt, varied } from './places.ts';

const EPOCH_MS = 1_795_225_000_000;
const ATTEMPT = '01a1fbb9-99f4-7762-ab3c-613c968038fa';
const EVENT = `{"type":"ChannelCreated","timestamp":"2026-11-21T01:30:07.431+0000","channel":{"id":"${ATTEMPT};1","name":"Local/5511900000011@dial-gate-0000000d;1","accountcode":"0192a3b4-0000-7000-8000-00000000c001","creationtime":"2026-11-21T01:30:07.400+0000"},"peer":{"id":"pbx1-1795224653.28"},"bridge":{"id":"45faf023-6972-4013-8854-4936baaa7cc7"}}`;

test('finds all that tells one call from another', () => {
  const places: Place[] = [];
  findPlaces(EVENT, places);
  expect(places.map(({ kind, original }) => `${kind} ${original}`)).toEqual([
    'now 2026-11-21T01:30:07.431+0000',
    `attempt ${ATTEMPT}`,
    'number 5511900000011',
    'serial 0000000d',
    'campaign 0192a3b4-0000-7000-8000-00000000c001',
    'created 2026-11-21T01:30:07.400+0000',
    'channel 1795224653',
    'uuid 45faf023-6972-4013-8854-4936baaa7cc7',
  ]);
});

test('what is put in is as long as what was there', () => {
  const places: Place[] = [];
  findPlaces(EVENT, places);
  for (const n of [0, 12_345, 999_999]) for (const place of places) expect([place.kind, textAt(place, n, EPOCH_MS).length]).toEqual([place.kind, place.original.length]);
});

test('each call has ids of its own, of the kind that was recorded, from which its number can be told', () => {
  const id = varied(ATTEMPT, 77, EPOCH_MS);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(EPOCH_MS);
  expect([callNumberOf(id), callNumberOf(varied('pbx1-1795224653.28', 77, EPOCH_MS)), callNumberOf('Queue:demo')]).toEqual([77, 77, null]);
  expect(new Set([1, 2, 3].map((n) => varied(EVENT, n, EPOCH_MS))).size).toBe(3);
});
