import fc from 'fast-check';
import { MAX_QUOTA, sliceQuotas } from './slice-quotas.ts';

test('small orders stay whole, larger ones are shared', () => {
  expect(sliceQuotas(0)).toEqual([]);
  expect(sliceQuotas(-3)).toEqual([]);
  expect(sliceQuotas(3)).toEqual([3]);
  expect(sliceQuotas(7)).toEqual([4, 3]);
  expect(sliceQuotas(45)).toEqual([15, 15, 15]);
});

test('quotas sum to the order and keep their bounds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (n) => {
      const quotas = sliceQuotas(n);
      expect(quotas.reduce((total, quota) => total + quota, 0)).toBe(n);
      expect(Math.max(...quotas)).toBeLessThanOrEqual(MAX_QUOTA);
      expect(Math.min(...quotas)).toBeGreaterThanOrEqual(1);
    }),
  );
});
