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

describe('many agents, or many calls: normal', () => {
  test('Φ((0.5 − mean) / standard deviation), from 61 agents or 201 calls on', () => {
    // Φ(−1.0714), where tossing gives 0.98 ** 61 · …; Φ(−1.7651), Φ(0.1507)
    expect(shortfallOf(prospect({ idle: 0, freeing: [[100, 0.02]] })).risk).toBeCloseTo(0.142, 4);
    expect(shortfallOf(prospect({ idle: 5, answering: [[201, 0.01]] })).risk).toBeCloseTo(0.03877, 4);
    expect(shortfallOf(prospect({ idle: 5, freeing: [[61, 0.5]], answering: [[180, 0.2]] })).risk).toBeCloseTo(0.55988, 4);
  });

  test('not before, and coins that hardly ever fall are none', () => {
    expect(shortfallOf(prospect({ idle: 0, freeing: [[60, 0.02]] })).risk).toBeCloseTo(0.98 ** 60, 12);
    expect(shortfallOf(prospect({ idle: 0, freeing: [[60, 0.02], [900, 0.00009]] })).risk).toBeCloseTo(0.98 ** 60, 12);
    expect(shortfallOf(prospect({ idle: 1, answering: [[200, 0.01]] })).risk).toBeCloseTo(1 - 0.99 ** 200, 12);
  });

  test('near to the exact tossing', () => {
    const many: Prospect = { idle: 0, freeing: [[60, 0.3]], answering: [[100, 0.12]] };
    const [first] = many.freeing;
    const approximated = shortfallOf({ ...many, freeing: [first as Coins, [1, 0.0002]] }).risk;
    expect(Math.abs(approximated - shortfallOf(many).risk)).toBeLessThan(0.005);
  });

  test('one more call with this chance: the mean is less by it, and the variance more', () => {
    const shortfall = shortfallOf(prospect({ idle: 5, answering: [[201, 0.01]] }));
    for (let call = 0; call < 50; call++) shortfall.addCall(0.02);
    expect(shortfall.risk).toBeCloseTo(shortfallOf(prospect({ idle: 5, answering: [[201, 0.01], [50, 0.02]] })).risk, 9);
  });
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
