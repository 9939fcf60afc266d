import { Meter, worstQuarter } from './meter.ts';

test('occupancy of the staffed time, abandonment of the answers, the warm-up left out', () => {
  const meter = new Meter(100, 1100);
  meter.busy(50, 150);
  meter.idle(150, 250, true);
  meter.busy(250, 1200);
  for (const at of [99, 100, 300, 500]) meter.answer(at);
  meter.abandon(99);
  meter.abandon(502);
  expect(meter.figures()).toMatchObject({ staffedSec: 1000, occupancy: 90, answers: 3, abandons: 1, agentWait: { meanSec: 100, p95Sec: 100 } });
});

test('agents’ waiting: mean and 95th percentile of the spells that a call ended', () => {
  const meter = new Meter(0, 10_000);
  for (let spell = 1; spell <= 100; spell++) meter.idle(0, spell, true);
  meter.idle(0, 5000, false);
  expect(meter.figures().agentWait).toEqual({ meanSec: 50.5, p95Sec: 95 });
});

describe('the worst quarter of an hour', () => {
  const seconds = (at: Record<number, number>): number[] => Array.from({ length: 3000 }, (_, second) => at[second] ?? 0);

  test('may begin at any second', () => {
    expect(worstQuarter(seconds({ 500: 100, 1600: 10 }), seconds({ 700: 2, 1599: 2, 1601: 4 }))).toEqual({ answers: 10, abandons: 6, above: 6 - 0.3 });
  });

  test('lasts 900 s', () => {
    expect(worstQuarter(seconds({}), seconds({ 700: 2, 1599: 3 })).abandons).toBe(5);
    expect(worstQuarter(seconds({}), seconds({ 700: 2, 1600: 3 })).abandons).toBe(3);
  });
});

test('a wait that began in the warm-up counts, as long as it was, when its call came after it', () => {
  const meter = new Meter(100, 1100);
  meter.idle(0, 99, true);
  meter.idle(60, 140, true);
  expect(meter.figures()).toMatchObject({ staffedSec: 40, agentWait: { meanSec: 80, p95Sec: 80 } });
});
