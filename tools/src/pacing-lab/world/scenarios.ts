import { DrawnCalls, USUAL_TRAFFIC, type Traffic } from './drawn-calls.ts';
import { breaksRoster, shiftsRoster, steadyRoster } from './rosters.ts';
import type { RosterChange, World } from './world.ts';

export interface Scenario {
  name: string;
  agents: number;
  /** mean share of answered calls, %; missing where it changes */
  answerPercent?: number;
  traffic: Traffic;
  roster(seed: number, untilSec: number): RosterChange[];
}

const AGENTS = [5, 10, 20, 50, 100, 500];
const ANSWER_PERCENT = [10, 30, 60];
const CHANGING_AGENTS = [20, 100];
const JUMP_SEC = 20 * 60;
const DRIFT_SEC = 3 * 3600;

/** The 18 in which nothing changes: agents × share of answered calls. */
export const STEADY_SCENARIOS: readonly Scenario[] = AGENTS.flatMap((agents) => ANSWER_PERCENT.map((percent) => steady(agents, percent)));

/** The six in which something does, with 20 and with 100 agents. */
export const CHANGING_SCENARIOS: readonly Scenario[] = CHANGING_AGENTS.flatMap((agents) => [
  changing(agents, 'jumps', { answerRate: (at) => (Math.floor(at / JUMP_SEC) % 2 === 0 ? 0.1 : 0.6) }),
  changing(agents, 'drift', {
    answerRate: (at) => 0.3 + 0.15 * Math.sin((2 * Math.PI * at) / DRIFT_SEC),
    talkMeanSec: (at) => 150 + 50 * Math.sin((2 * Math.PI * at) / (1.7 * DRIFT_SEC)),
  }),
  { ...changing(agents, 'breaks', {}), roster: (seed, untilSec) => breaksRoster(agents, seed, untilSec) },
  { ...changing(agents, 'shifts', {}), roster: (seed, untilSec) => shiftsRoster(agents, seed, untilSec) },
  changing(agents, 'machines', { machineShare: 0.4 }),
  changing(agents, 'long rings', { ringMeanSec: 14 }),
]);

export const SCENARIOS: readonly Scenario[] = [...STEADY_SCENARIOS, ...CHANGING_SCENARIOS];

/** A scenario with its chance fixed by `seed`. */
export function worldOf(scenario: Scenario, seed: number, untilSec: number): World {
  return { agents: scenario.agents, roster: scenario.roster(seed, untilSec), calls: new DrawnCalls(scenario.traffic, seed) };
}

function steady(agents: number, percent: number): Scenario {
  return {
    name: `${agents} agents, ${percent} %`,
    agents,
    answerPercent: percent,
    traffic: { ...USUAL_TRAFFIC, answerRate: () => percent / 100 },
    roster: () => steadyRoster(agents),
  };
}

function changing(agents: number, what: string, over: Partial<Traffic>): Scenario {
  return { name: `${agents} agents, ${what}`, agents, traffic: { ...USUAL_TRAFFIC, answerRate: () => 0.3, ...over }, roster: () => steadyRoster(agents) };
}
