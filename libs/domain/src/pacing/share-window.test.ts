import fc from 'fast-check';
import { LEGAL_PRESETS, SHORT_CALLS_BR, tighten, type LegalPresetName } from './legal-presets.ts';
import { count, EMPTY_WINDOW, mostAbove, sumUp, type ShareWindow, type WindowRule } from './share-window.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const fill = (rule: WindowRule, elements: readonly { at: number; hit?: boolean }[]): ShareWindow =>
  elements.reduce((window, { at, hit }) => count(window, rule, at, { total: 1, hits: hit ? 1 : 0 }), EMPTY_WINDOW);

test('a bucket counts until all of it is older than the window, and then no more', () => {
  const { window: rule } = LEGAL_PRESETS.us;
  const window = fill(rule, [{ at: 10 * HOUR + 5, hit: true }, { at: 11 * HOUR }, { at: 40 * HOUR }]);
  expect(sumUp(window, rule, 40 * HOUR)).toEqual({ total: 3, hits: 1, share: 1 / 3 });
  expect(sumUp(window, rule, 30 * DAY + 11 * HOUR - 1)).toEqual({ total: 3, hits: 1, share: 1 / 3 });
  expect(sumUp(window, rule, 30 * DAY + 11 * HOUR)).toEqual({ total: 2, hits: 0, share: 0 });
  expect(sumUp(window, rule, 30 * DAY + 41 * HOUR)).toEqual({ total: 0, hits: 0, share: 0 });
});

test.each(['uk', 'br'] as const)('in the preset %s the window is a day', (preset) => {
  const { window: rule } = LEGAL_PRESETS[preset];
  const window = fill(rule, [{ at: 299, hit: true }, { at: 300 }]);
  expect(sumUp(window, rule, DAY + 299).total).toBe(2);
  expect(sumUp(window, rule, DAY + 300)).toEqual({ total: 1, hits: 0, share: 0 });
});

test('the worst stretch has no credit of the calm before it', () => {
  const rule = { bucketSec: 15, buckets: 61 };
  const calm = Array.from({ length: 100 }, (_, index) => ({ at: index }));
  const window = fill(rule, [...calm, { at: 300, hit: true }, { at: 301, hit: true }, { at: 500 }]);
  expect(sumUp(window, rule, 500)).toMatchObject({ total: 103, hits: 2 });
  expect(mostAbove(window, rule, 500, 0.1)).toBeCloseTo(2 - 0.3);
  expect(mostAbove(window, rule, 1215, 0.1)).toBe(0);
  expect(mostAbove(fill(rule, calm), rule, 100, 0.1)).toBe(0);
});

test('the worst stretch is that of all stretches summed one by one', () => {
  const rule = { bucketSec: 10, buckets: 6 };
  const elements = fc.array(fc.record({ at: fc.integer({ min: 0, max: 150 }), hit: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(elements, fc.double({ min: 0, max: 1, noNaN: true }), (unsorted, share) => {
      const calls = unsorted.sort((one, other) => one.at - other.at);
      const firstSlots = [10, 11, 12, 13, 14, 15];
      const sums = firstSlots.map((from) => calls.filter(({ at }) => Math.floor(at / 10) >= from).reduce((sum, { hit }) => sum + (hit ? 1 : 0) - share, 0));
      expect(mostAbove(fill(rule, calls), rule, 159, share)).toBeCloseTo(Math.max(0, ...sums), 6);
    }),
  );
});

test('short calls in Brazil are those of the calendar day there', () => {
  const { window: rule } = SHORT_CALLS_BR;
  const midnight = 3 * HOUR;
  const window = fill(rule, [{ at: midnight - 1, hit: true }, { at: midnight, hit: true }, { at: midnight + 5 }]);
  expect(sumUp(window, rule, midnight + DAY - 1)).toEqual({ total: 2, hits: 1, share: 0.5 });
  expect(sumUp(window, rule, midnight + DAY).total).toBe(0);
});

test('what comes late is counted with the latest', () => {
  const rule = { bucketSec: 10, buckets: 2 };
  const window = fill(rule, [{ at: 25 }, { at: 3, hit: true }]);
  expect(sumUp(window, rule, 39)).toEqual({ total: 2, hits: 1, share: 0.5 });
  expect(sumUp(window, rule, 40).total).toBe(0);
});

test('holds what falls into the rule’s buckets, whatever comes when, and no more buckets than that', () => {
  const steps = fc.array(fc.record({ afterSec: fc.nat(4000), hit: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 8 }), fc.nat(20_000), (list, bucketSec, buckets, later) => {
      let at = 1e9;
      const elements = list.map(({ afterSec, hit }) => ({ at: (at += afterSec), hit }));
      const rule = { bucketSec, buckets };
      const window = fill(rule, elements);
      const now = at + later;
      const within = elements.filter((element) => Math.floor(element.at / bucketSec) > Math.floor(now / bucketSec) - buckets);
      expect(sumUp(window, rule, now)).toMatchObject({ total: within.length, hits: within.filter(({ hit }) => hit).length });
      expect(window.past.length).toBeLessThan(buckets);
      expect(sumUp(JSON.parse(JSON.stringify(window)) as ShareWindow, rule, now)).toEqual(sumUp(window, rule, now));
    }),
  );
});

describe('presets', () => {
  test('cover at least the time that the law looks at', () => {
    const coveredSec = (name: LegalPresetName): number => (LEGAL_PRESETS[name].window.buckets - 1) * LEGAL_PRESETS[name].window.bucketSec;
    expect([coveredSec('us'), coveredSec('uk')]).toEqual([30 * DAY, DAY]);
  });

  test('may be tightened, not loosened', () => {
    expect(tighten('us', { abandonLimit: 0.02, leastRingSec: 20 })).toMatchObject({ abandonLimit: 0.02, graceSec: 2, leastRingSec: 20 });
    for (const own of [{ abandonLimit: 0.031 }, { graceSec: 3 }, { leastRingSec: 10 }]) {
      expect(() => tighten('uk', own)).toThrow(Object.keys(own)[0]);
    }
  });
});
