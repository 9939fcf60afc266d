import { apply, callsToStart, createState, type PacingEvent, type PacingState } from '@discador/domain/pacing/index';
import type { MakeController } from './controller.ts';
import { asPacingEvents } from './domain-controller.ts';
import { Simulation } from './simulation.ts';
import { SCENARIOS, worldOf } from './world/scenarios.ts';

/** Two campaigns share 20 agents for an hour, three calls of x to one of y, which had seven of its first 100 callers abandoned. */
function shareAnHour() {
  const scenario = SCENARIOS.find(({ name }) => name === '20 agents, 30 %')!;
  let state: PacingState = createState({ mode: 'predictive', campaigns: [{ id: 'x', weight: 3 }, { id: 'y' }] });
  for (let call = 0; call < 100; call++) {
    for (const type of ['dial', call < 7 ? 'abandon' : 'callerGone'] as const) state = apply(state, { type, at: -1800, callId: `before-${call}`, campaignId: 'y' });
  }
  for (let at = -1700; at < 0; at += 100) state = apply(state, { type: 'agentData', at });
  const dialled = { x: 0, y: 0 };
  let secondsNearLimit = 0;
  const make: MakeController = () => {
    let turns: ('x' | 'y')[] = [];
    const tell = (event: PacingEvent): void => {
      const campaignId = event.type === 'dial' ? turns.shift() : undefined;
      if (campaignId) dialled[campaignId] += 1;
      state = apply(state, { ...event, campaignId });
    };
    const ask = (now: number): number => {
      tell({ type: 'agentData', at: now });
      const decision = callsToStart(state, now);
      state = decision.state;
      turns = (['x', 'y'] as const).flatMap((id) => Array<'x' | 'y'>(decision.byCampaign[id] ?? 0).fill(id));
      if (decision.reason.includes('near the limit')) secondsNearLimit += 1;
      return decision.n;
    };
    return { tickSec: 1, events: asPacingEvents(tell), callsToStart: ask };
  };
  const { occupancy } = new Simulation(worldOf(scenario, 1, 3600), make, scenario.traffic.answerRate, { hours: 1, warmUpSec: 0, graceSec: 2 }).run();
  return { dialled, secondsNearLimit, occupancy };
}

test('campaigns of one pool get its calls by weight, also the one near the limit of the law, which all then keep away from', () => {
  const { dialled, secondsNearLimit, occupancy } = shareAnHour();
  expect(Math.abs(dialled.x - 3 * dialled.y)).toBeLessThan(20);
  expect(secondsNearLimit).toBeGreaterThan(60);
  expect(occupancy).toBeGreaterThan(70);
});
