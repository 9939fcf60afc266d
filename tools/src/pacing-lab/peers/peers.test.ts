import type { MakeController } from '../controller.ts';
import { chanceToEnd, issabel, linesFor } from './issabel.ts';
import { legacy, power, progressive } from './simple-dialers.ts';

const make = (controller: MakeController, agents: number) => {
  const made = controller(agents, { freeing: () => [], answerRate: () => 0 });
  for (let agent = 0; agent < agents; agent++) made.events.agentIn(0, agent);
  return made;
};

test('progressive: one line per idle agent, less what rings or waits', () => {
  const { events, callsToStart } = make(progressive, 3);
  expect(callsToStart(1)).toBe(3);
  events.dial(1, 0);
  events.dial(1, 1);
  expect(callsToStart(2)).toBe(1);
  events.ringEnd(5, 0, true);
  expect(callsToStart(5)).toBe(1);
  events.connect(5, 0, 0);
  events.ringEnd(6, 1, false);
  expect(callsToStart(6)).toBe(2);
  events.talkEnd(60, 0, 0);
  expect(callsToStart(60)).toBe(2);
  events.wrapEnd(70, 0);
  expect(callsToStart(70)).toBe(3);
});

test('power: a number of lines per idle agent, less what rings or waits', () => {
  const { events, callsToStart } = make(power(2.5), 3);
  expect(callsToStart(1)).toBe(7);
  events.dial(1, 0);
  expect(callsToStart(2)).toBe(6);
  events.ringEnd(5, 0, true);
  expect(callsToStart(5)).toBe(6);
  events.connect(5, 0, 0);
  expect(callsToStart(6)).toBe(5);
});

test('legacy: lines per idle agent each half minute, nothing subtracted', () => {
  const { events, callsToStart, tickSec } = make(legacy(6, 100), 3);
  expect(tickSec).toBe(30);
  events.dial(1, 0);
  expect(callsToStart(30)).toBe(18);
  expect(make(legacy(6, 10), 3).callsToStart(30)).toBe(10);
});

describe('Issabel', () => {
  test('a talk of 200 s, with 10 s until an answer and a mean of 60 s, is over with 97 %', () => {
    expect(chanceToEnd(200, 10, 60)).toBeCloseTo(1 - Math.exp(-3.5), 10);
    expect(chanceToEnd(200, 10, 60)).toBeGreaterThan(0.969);
  });

  test('what is missing over the answer ratio, which counts as a fifth at least', () => {
    expect(linesFor(5, 2, 0.5)).toBe(6);
    expect(linesFor(5, 2, 0.1)).toBe(15);
    expect(linesFor(5, 2, undefined)).toBe(3);
    expect(linesFor(5, 6, 0.5)).toBe(0);
  });

  test('counts a long talk as nearly over once it has seen ten', () => {
    const { events, callsToStart } = make(issabel(0.9), 2);
    for (let talk = 0; talk < 10; talk++) {
      const at = talk * 100;
      events.dial(at, 0);
      events.ringEnd(at + 10, 0, true);
      events.connect(at + 10, 0, 0);
      events.talkEnd(at + 70, 0, 0);
      events.wrapEnd(at + 80, 0);
    }
    events.dial(1000, 0);
    events.ringEnd(1010, 0, true);
    events.connect(1010, 0, 0);
    // Mean talk 60 s, 10 s until an answer; 0.9 is reached when 10 + elapsed is 60 × ln 10 = 138.2 s. All calls were answered.
    expect(callsToStart(1010 + 128)).toBe(1);
    expect(callsToStart(1010 + 129)).toBe(2);
  });
});
