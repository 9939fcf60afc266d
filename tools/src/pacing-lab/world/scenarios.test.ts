import { breaksRoster, shiftsRoster, steadyRoster } from './rosters.ts';
import { CHANGING_SCENARIOS, SCENARIOS, STEADY_SCENARIOS, worldOf, type Scenario } from './scenarios.ts';

const DAY_SEC = 8 * 3600;

function scenario(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
}

const rates = (name: string, ...times: number[]): number[] => times.map((at) => Number(scenario(name).traffic.answerRate(at).toFixed(6)));

test('18 in which nothing changes, six times two in which something does, each with a name of its own', () => {
  expect([STEADY_SCENARIOS.length, CHANGING_SCENARIOS.length]).toEqual([18, 12]);
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(30);
  for (const { name, agents, answerPercent = NaN, traffic } of STEADY_SCENARIOS) {
    expect(name).toBe(`${agents} agents, ${answerPercent} %`);
    expect(traffic).toMatchObject({ ringMeanSec: 8, machineShare: 0 });
    expect([traffic.answerRate(0), traffic.answerRate(DAY_SEC)]).toEqual([answerPercent / 100, answerPercent / 100]);
  }
});

describe.each([20, 100])('%i agents', (agents) => {
  test('jumps: 10 and 60 % answer, by turns, for 20 minutes', () => {
    expect(rates(`${agents} agents, jumps`, 0, 1199, 1200, 2399, 2400, 3599, 3600)).toEqual([0.1, 0.1, 0.6, 0.6, 0.1, 0.1, 0.6]);
  });

  test('drift: answers between 15 and 45 % in three hours, talks between 100 and 200 s in five', () => {
    expect(rates(`${agents} agents, drift`, 0, 2700, 8100, 10_800)).toEqual([0.3, 0.45, 0.15, 0.3]);
    expect([0, 4590, 13_770].map((at) => Math.round(scenario(`${agents} agents, drift`).traffic.talkMeanSec(at)))).toEqual([150, 200, 100]);
  });

  test('machines: 40 % of the answers; long rings: 14 s; all else as usual', () => {
    const usual = { answerRate: 0.3, ringMeanSec: 8, talkMeanSec: 150, machineShare: 0 };
    const traffic = (what: string) => {
      const { answerRate, talkMeanSec, ...more } = scenario(`${agents} agents, ${what}`).traffic;
      return { ...more, answerRate: answerRate(0), talkMeanSec: talkMeanSec(0) };
    };
    expect(traffic('machines')).toEqual({ ...usual, machineShare: 0.4 });
    expect(traffic('long rings')).toEqual({ ...usual, ringMeanSec: 14 });
    for (const what of ['breaks', 'shifts', 'drift']) expect(traffic(what)).toEqual(usual);
  });

  test('agents come and go where the scenario is about them, and nowhere else', () => {
    const roster = (what: string) => worldOf(scenario(`${agents} agents, ${what}`), 3, DAY_SEC).roster;
    expect(roster('breaks')).toEqual(breaksRoster(agents, 3, DAY_SEC));
    expect(roster('shifts')).toEqual(shiftsRoster(agents, 3, DAY_SEC));
    for (const what of ['30 %', 'jumps', 'drift', 'machines', 'long rings']) expect(roster(what)).toEqual(steadyRoster(agents));
  });
});

test('a world is drawn from the scenario’s traffic by the seed', () => {
  const rings = (name: string, seed: number): number[] => {
    const { calls } = worldOf(scenario(name), seed, DAY_SEC);
    return Array.from({ length: 20 }, () => calls.ringSec(0));
  };
  expect(rings('5 agents, 60 %', 1)).toEqual(rings('100 agents, 60 %', 1));
  expect(rings('5 agents, 60 %', 1)).not.toEqual(rings('5 agents, 60 %', 2));
  expect(rings('5 agents, 60 %', 1)).not.toEqual(rings('5 agents, 10 %', 1));
});
