import { apply, callsToStart, createState, type PacingEvent, type PacingState } from '@discador/domain/pacing/index';
import type { MakeController } from './controller.ts';
import { asPacingEvents, domainController } from './domain-controller.ts';
import { progressive } from './peers/simple-dialers.ts';
import { Simulation } from './simulation.ts';
import { SCENARIOS, worldOf } from './world/scenarios.ts';

const options = { hours: 0.5, warmUpSec: 0, graceSec: 2 };

function run(name: string, make: MakeController) {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error('no such scenario');
  return new Simulation(worldOf(scenario, 1, 1800), make, scenario.traffic.answerRate, options).run();
}

test.each(['20 agents, 30 %', '20 agents, breaks'])('our progressive mode, driven by its events, does what one that only counts does: %s', (name) => {
  const figures = run(name, progressive);
  expect(figures.dials).toBeGreaterThan(400);
  expect(run(name, domainController({ mode: 'progressive' }))).toEqual(figures);
});

test('a predictive state that goes through JSON every minute gives the same campaign', () => {
  const throughJson: MakeController = () => {
    let state = createState({ mode: 'predictive' });
    const tell = (event: PacingEvent): void => void (state = apply(state, event));
    const ask = (now: number): number => {
      if (now % 60 === 0) state = JSON.parse(JSON.stringify(state)) as PacingState;
      tell({ type: 'agentData', at: now });
      const decision = callsToStart(state, now);
      state = decision.state;
      return decision.n;
    };
    return { tickSec: 1, events: asPacingEvents(tell), callsToStart: ask };
  };
  expect(run('20 agents, breaks', throughJson)).toEqual(run('20 agents, breaks', domainController({ mode: 'predictive' })));
});

test('calls get an id of their own, also when the simulator uses a number again', () => {
  const told: PacingEvent[] = [];
  const events = asPacingEvents((event) => told.push(event));
  events.dial(1, 0);
  events.ringEnd(5, 0, false);
  events.dial(6, 0);
  events.ringEnd(9, 0, true);
  events.connect(9, 0, 3);
  expect(told).toEqual([
    { type: 'dial', at: 1, callId: 'call-1' },
    { type: 'ringEnd', at: 5, callId: 'call-1', answered: false },
    { type: 'dial', at: 6, callId: 'call-2' },
    { type: 'ringEnd', at: 9, callId: 'call-2', answered: true },
    { type: 'connect', at: 9, callId: 'call-2', agentId: 'agent-3' },
  ]);
});
