import { progressive } from '../peers/simple-dialers.ts';
import { Simulation } from '../simulation.ts';
import { CAMPAIGN, recorded } from '../testing/record-run.ts';
import { SCENARIOS, worldOf } from '../world/scenarios.ts';
import { readRecord } from './read-record.ts';
import { replay } from './replay.ts';

const HOURS = 1;

/** An hour of a progressive campaign with agents on breaks, as the bus would have told of it. */
function recording(): { lines: string[]; figures: ReturnType<Simulation['run']> } {
  const scenario = SCENARIOS.find(({ name }) => name === '20 agents, breaks');
  if (!scenario) throw new Error('no such scenario');
  const lines: string[] = [];
  const options = { hours: HOURS, warmUpSec: 0, graceSec: 2 };
  const figures = new Simulation(worldOf(scenario, 3, HOURS * 3600), recorded(progressive, lines), scenario.traffic.answerRate, options).run();
  return { lines, figures };
}

const { lines, figures } = recording();
const record = await readRecord(lines);

test('reads what happened out of the events', () => {
  const result = replay(record, [], 1);
  expect(result.agents).toBe(20);
  const [outcome] = result.outcomes;
  expect(outcome?.mode).toBe('recorded');
  expect(outcome?.occupancy).toBeCloseTo(figures.occupancy, 0);
  // Calls under way at the end have no end in the record.
  expect(figures.answers - (outcome?.answers ?? 0)).toBeLessThanOrEqual(20);
  expect(outcome?.abandons).toBe(figures.abandons);
  expect(result.staffedHours).toBeCloseTo(figures.staffedSec / 3600, 1);
});

test('the recorded mode, played again, gives about the same; another tells what it would have done', () => {
  const [was, progressiveAgain, predictive] = replay(record, [{ mode: 'progressive' }, { mode: 'predictive' }], 1).outcomes;
  expect(Math.abs((progressiveAgain?.occupancy ?? 0) - (was?.occupancy ?? 0))).toBeLessThan(3);
  expect(predictive?.occupancy).toBeGreaterThan((was?.occupancy ?? 0) + 8);
  expect(predictive?.abandonment).toBeLessThan(3.5);
});

test('a record that begins while the campaign dials says of it what the rest of the whole one says', async () => {
  const from = Date.parse((JSON.parse(lines[0]!) as { time: string }).time) + 1_800_000;
  const later = await readRecord(lines.filter((line) => Date.parse((JSON.parse(line) as { time: string }).time) >= from));
  const rest = record.answered.filter(({ at }) => at >= 1800).length;
  expect(later.seconds).toBeCloseTo(record.seconds - 1800, -1);
  expect(Math.abs(later.answered.length - rest)).toBeLessThanOrEqual(1);
  const share = (of: typeof record): number => of.answered.length / (of.answered.length + of.unanswered.length);
  expect(Math.abs(share(later) - share(record))).toBeLessThan(0.03);
  expect(Math.max(...later.agents.wrapUpsSec)).toBeLessThan(Math.max(...record.agents.wrapUpsSec) + 0.01);
});

test('who answers where no agent is asked for is not abandoned', async () => {
  const announced = lines.map((line) => line.replace('"disposition":"abandoned"', '"disposition":"answered"').replace(/"bridgedAt":"[^"]*",?/, ''));
  expect(await readRecord(announced)).toMatchObject({ abandons: 0, talksSec: [] });
  expect(record.abandons).toBe(figures.abandons);
});

test('one event of another year is no campaign of years', async () => {
  const old = lines[1]!.replaceAll('2026-', '2020-').replace(/"id":"[^"]*"/, '"id":"6f0e2d0c-98b5-5c53-9d9e-0d1f6a1b7c13"');
  await expect(readRecord([...lines, old])).rejects.toThrow('The record goes from 2020-11-21 to 2026-11-21: at most 7 days can be played');
});

test('the same record, mode and seed give the same', async () => {
  expect(replay(record, [{ mode: 'progressive' }], 5)).toEqual(replay(await readRecord(lines), [{ mode: 'progressive' }], 5));
});

test('passes by lines that are no events, repeats, and calls of others', async () => {
  const [first = ''] = lines.filter((line) => line.includes('call.ended'));
  const other = first.replaceAll(CAMPAIGN, '01a1fbb9-2c10-7d3e-9a41-5b0c6d7e8f91').replace(/"id":"[^"]*"/, '"id":"6f0e2d0c-98b5-5c53-9d9e-0d1f6a1b7c12"');
  const again = await readRecord([...lines, first, '{"cut of', other, ''], CAMPAIGN);
  expect(again.unreadable).toBe(1);
  expect([again.answered.length, again.unanswered.length]).toEqual([record.answered.length, record.unanswered.length]);
});

test('a record without calls, or without agents, says what is missing', async () => {
  const isCall = (line: string): boolean => line.includes('call.ended');
  await expect(readRecord(lines.filter((line) => !isCall(line)))).rejects.toThrow('No finished call');
  await expect(readRecord(lines.filter(isCall))).rejects.toThrow('No agent');
  await expect(readRecord(lines, '01a1fbb9-2c10-7d3e-9a41-5b0c6d7e8f91')).rejects.toThrow('No finished call');
});
