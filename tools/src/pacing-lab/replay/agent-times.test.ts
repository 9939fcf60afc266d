import type { DeskEvent } from '@discador/contracts/events/desk-events';
import { agentTimes } from './agent-times.ts';

type Note = [at: number, agent: string, type: DeskEvent['type'], more?: object, queue?: string];

function times(notes: Note[], endSec = 1000) {
  const events = notes.map(([at, agent, type, more, queue = 'sales']) => ({ at, type, data: { agent, queue, ...more } })) as unknown as DeskEvent[];
  return agentTimes(events, (event) => (event as unknown as { at: number }).at, endSec);
}

test('staffed from log-in to log-out, breaks left out; busy while talking and wrapping up', () => {
  const { agents, roster, staffedSec, busySec, wrapUpsSec } = times([
    [100, 'a', 'agent.loggedin'],
    [100, 'a', 'agent.status', { status: 'idle', before: 'unavailable' }],
    [200, 'a', 'agent.status', { status: 'busy', before: 'idle' }],
    [260, 'a', 'agent.status', { status: 'wrap_up', before: 'busy' }],
    [280, 'a', 'agent.status', { status: 'idle', before: 'wrap_up' }],
    [300, 'a', 'agent.paused', { reason: 'lunch' }],
    [300, 'a', 'agent.status', { status: 'paused', before: 'idle' }],
    [500, 'a', 'agent.unpaused'],
    [500, 'a', 'agent.status', { status: 'idle', before: 'paused' }],
    [900, 'a', 'agent.loggedout'],
  ]);
  expect({ agents, staffedSec, busySec, wrapUpsSec }).toEqual({ agents: 1, staffedSec: 600, busySec: 80, wrapUpsSec: [20] });
  expect(roster.map(({ at, present }) => [at, present])).toEqual([[100, true], [300, false], [500, true], [900, false]]);
});

test('who was there before the record began, and still is at its end', () => {
  const { roster, staffedSec, busySec } = times([[50, 'a', 'agent.status', { status: 'busy', before: 'idle' }]]);
  expect(roster).toEqual([{ at: 0, agent: 0, present: true }]);
  expect([staffedSec, busySec]).toEqual([1000, 950]);
});

test('a wrap-up that had begun before the record is none of known length', () => {
  const { busySec, wrapUpsSec } = times([
    [600, 'a', 'agent.status', { status: 'idle', before: 'wrap_up' }],
    [700, 'a', 'agent.status', { status: 'wrap_up', before: 'busy' }],
    [730, 'a', 'agent.status', { status: 'idle', before: 'wrap_up' }],
  ]);
  expect({ busySec, wrapUpsSec }).toEqual({ busySec: 630, wrapUpsSec: [30] });
});

test('in several queues an agent is one, there as long as in one of them', () => {
  const { agents, staffedSec, roster } = times([
    [0, 'a', 'agent.loggedin'],
    [0, 'a', 'agent.loggedin', {}, 'support'],
    [400, 'a', 'agent.loggedout'],
    [700, 'a', 'agent.loggedout', {}, 'support'],
    [100, 'b', 'agent.loggedin'],
  ].sort((one, other) => Number(one[0]) - Number(other[0])) as Note[]);
  expect([agents, staffedSec]).toEqual([2, 700 + 900]);
  expect(roster).toHaveLength(3);
});

test('a status told twice lasts since it was told first', () => {
  const { wrapUpsSec, busySec } = times([
    [0, 'a', 'agent.loggedin'],
    [100, 'a', 'agent.status', { status: 'wrap_up', before: 'busy' }],
    [115, 'a', 'agent.status', { status: 'wrap_up', before: 'wrap_up' }],
    [120, 'a', 'agent.status', { status: 'idle', before: 'wrap_up' }],
  ]);
  expect({ wrapUpsSec, busySec }).toEqual({ wrapUpsSec: [20], busySec: 20 });
});
