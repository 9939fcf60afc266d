import fc from 'fast-check';
import { shortfallOf, type Coins, type Prospect } from './shortfall.ts';

const prospect = (over: Partial<Prospect> = {}): Prospect => ({ idle: 1, freeing: [], answering: [], ...over });

test('one idle agent: at risk when the call on its way is answered', () => {
  const shortfall = shortfallOf(prospect());
  expect(shortfall.risk).toBe(0);
  shortfall.addCall(0.3);
  expect(shortfall.risk).toBeCloseTo(0.3, 12);
  shortfall.addCall(0.3);
  expect(shortfall.risk).toBeCloseTo(1 - 0.7 * 0.7, 12);
});

test('an agent who may come free is worth the chance of it', () => {
  // No agent when neither comes free, or one does and the call is answered.
  expect(shortfallOf(prospect({ idle: 0, freeing: [[2, 0.5]], answering: [[1, 0.4]] })).risk).toBeCloseTo(0.25 + 0.5 * 0.4, 12);
  expect(shortfallOf(prospect({ idle: 0, freeing: [[1, 0.8]] })).risk).toBeCloseTo(0.2, 12);
});

test('who waits already takes the next agent', () => {
  expect(shortfallOf(prospect({ idle: -1, freeing: [[2, 0.5]] })).risk).toBeCloseTo(0.75, 12);
  expect(shortfallOf(prospect({ idle: 0 })).risk).toBe(1);
  expect(shortfallOf(prospect({ idle: -3 })).risk).toBe(1);
});

test('many agents: normal, near the exact tossing', () => {
  const many: Prospect = { idle: 0, freeing: [[60, 0.3]], answering: [[100, 0.12]] };
  const exact = shortfallOf(many).risk;
  const [first] = many.freeing;
  const approximated = shortfallOf({ ...many, freeing: [first as Coins, [1, 0.0002]] }).risk;
  expect(approximated).not.toBe(exact);
  expect(Math.abs(approximated - exact)).toBeLessThan(0.005);
});

test('the risk is a chance, falls with idle agents and rises with calls', () => {
  const coins = fc.array(fc.tuple(fc.nat(30), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 6 });
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 40 }), coins, coins, fc.double({ min: 0, max: 1, noNaN: true }), (idle, freeing, answering, chance) => {
      const shortfall = shortfallOf({ idle, freeing, answering });
      const { risk } = shortfall;
      expect(risk).toBeGreaterThanOrEqual(-1e-9);
      expect(risk).toBeLessThanOrEqual(1);
      expect(shortfallOf({ idle: idle + 1, freeing, answering }).risk).toBeLessThanOrEqual(risk + 1e-9);
      shortfall.addCall(chance);
      expect(shortfall.risk).toBeGreaterThanOrEqual(risk - 1e-6);
    }),
  );
});
