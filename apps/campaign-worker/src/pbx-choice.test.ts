import { PbxChoice } from './pbx-choice.ts';
import type { PbxLink } from './pbx-link.ts';

const link = (name: string, weight = 1, over: { ready?: boolean; unseen?: number; clockOffsetMs?: number | null } = {}): PbxLink =>
  ({ name, weight, ready: over.ready ?? true, ami: { clockOffsetMs: over.clockOffsetMs ?? (over.clockOffsetMs === null ? null : 0) }, originator: { unseen: over.unseen ?? 0 } }) as unknown as PbxLink;

/** Deals `rounds` rounds of `calls`. @returns how many calls each PBX got */
function deal(choice: PbxChoice, rounds: number, calls: (round: number) => number): Record<string, number> {
  const got: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    const place = choice.next();
    if (!place) break;
    choice.deal(place.link, calls(round));
    got[place.link.name] = (got[place.link.name] ?? 0) + calls(round);
  }
  return got;
}

test('by weight, however many calls a round has', () => {
  expect(deal(new PbxChoice([link('a'), link('b')], 40), 100, () => 5)).toEqual({ a: 250, b: 250 });
  expect(deal(new PbxChoice([link('a', 3), link('b')], 40), 100, () => 4)).toEqual({ a: 300, b: 100 });
  const { a = 0, b = 0 } = deal(new PbxChoice([link('a', 2), link('b')], 40), 300, (round) => 1 + (round % 20));
  expect(a / b).toBeGreaterThan(1.9);
  expect(a / b).toBeLessThan(2.1);
});

test('a PBX that is full, away or of unknown clock gets none', () => {
  expect(deal(new PbxChoice([link('a', 1, { unseen: 40 }), link('b', 1, { ready: false }), link('c', 1, { clockOffsetMs: null }), link('d', 1, { unseen: 39 })], 40), 5, () => 1)).toEqual({ d: 5 });
  expect(new PbxChoice([link('a', 1, { unseen: 40 })], 40).next()).toBeNull();
});

test('open as long as one places calls, full or not', () => {
  expect(new PbxChoice([link('a', 1, { ready: false }), link('b', 1, { unseen: 40 })], 40).open).toBe(true);
  expect(new PbxChoice([link('a', 1, { ready: false })], 40).open).toBe(false);
});

test('one that was away has its share from then on, and does not catch up', () => {
  const away = { ready: false };
  const b = link('b', 1, away);
  const choice = new PbxChoice([link('a'), b], 40);
  expect(deal(choice, 50, () => 10)).toEqual({ a: 500 });
  Object.assign(b, { ready: true });
  expect(deal(choice, 10, () => 10)).toEqual({ a: 50, b: 50 });
});
