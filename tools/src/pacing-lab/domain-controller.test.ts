import type { PacingEvent } from '@discador/domain/pacing/index';
import { asPacingEvents, domainController } from './domain-controller.ts';
import { progressive } from './peers/simple-dialers.ts';
import { Simulation } from './simulation.ts';
import { SCENARIOS, worldOf } from './world/scenarios.ts';

test.each(['20 agents, 30 %', '20 agents, breaks'])('our progressive mode, driven by its events, does what one that only counts does: %s', (name) => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error('no such scenario');
  const options = { hours: 0.5, warmUpSec: 0, graceSec: 2 };
  const run = (make: typeof progressive) => new Simulation(worldOf(scenario, 1, 1800), make, scenario.traffic.answerRate, options).run();
  const figures = run(progressive);
  expect(figures.dials).toBeGreaterThan(400);
  expect(run(domainController({ mode: 'progressive' }))).toEqual(figures);
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
