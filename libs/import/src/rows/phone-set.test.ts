import fc from 'fast-check';
import { PhoneSet } from './phone-set.ts';

test('holds what was added and nothing else', () => {
  const phone = fc.integer({ min: 1, max: 5000 }).map((n) => `+${n * 199_999_999_99}`);
  fc.assert(
    fc.property(fc.array(phone, { maxLength: 3000 }), phone, (phones, other) => {
      const set = new PhoneSet();
      for (const one of phones) set.add(one);
      const expected = new Set(phones);
      expect(set.size).toBe(expected.size);
      expect(phones.every((one) => set.has(one))).toBe(true);
      expect(set.has(other)).toBe(expected.has(other));
    }),
    { numRuns: 30 },
  );
});

test('tells neighbouring fifteen-digit numbers apart', () => {
  const set = new PhoneSet();
  set.add('+999999999999998');
  expect(set.has('+999999999999998')).toBe(true);
  expect(set.has('+999999999999999')).toBe(false);
});
