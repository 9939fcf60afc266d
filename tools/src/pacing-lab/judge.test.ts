import type { Cell } from './cell.ts';
import { bestPeer, judge, type Row } from './judge.ts';

const cell = (occupancy: number, abandonment: number, over: Partial<Cell> = {}): Cell => ({
  scenario: '20 agents, 30 %', agents: 20, dialer: { kind: 'progressive' }, occupancy, abandonment, agentWaitMeanSec: 1, agentWaitP95Sec: 2,
  worstQuarter: { answers: 100, abandons: 5, above: 2 }, occupancies: [occupancy, occupancy], abandonmentRange: [abandonment, abandonment], ...over,
});
const row = (over: Partial<Row> = {}): Row => ({
  scenario: '20 agents, 30 %', agents: 20, answerPercent: 30, tuned: [{ peer: 'vicidial', tried: 3, best: cell(82, 2.5) }, { peer: 'power', tried: 3, best: cell(95, 3.2) }],
  progressive: cell(74.3, 0), predictive: cell(89.6, 2.8), reference: cell(91, 2.8), split: cell(89.3, 2.8), ...over,
});
const missed = (rows: Row[]): string[] => judge(rows).checks.filter(({ ok }) => !ok).map(({ name }) => name);
const value = (rows: Row[], name: string): number | undefined => judge(rows).checks.find((check) => check.name.startsWith(name))?.value;

test('a row as it should be misses nothing', () => {
  expect(missed([row()])).toEqual([]);
  expect(value([row()], 'occupancy / reference, 20')).toBe(0.9846);
  expect(value([row()], 'occupancy above the best peer')).toBe(7.6);
});

test('the best peer is one within 3 %', () => {
  expect(bestPeer(row())?.occupancy).toBe(82);
  expect(bestPeer(row({ tuned: [{ peer: 'power', tried: 1, best: cell(85, 3) }] }))?.occupancy).toBe(85);
  expect(bestPeer(row({ tuned: [] }))?.occupancy).toBe(74.3);
  expect(bestPeer(row({ tuned: [], progressive: undefined }))).toBeUndefined();
});

/** A row of a pool without a place in the table, with as much of the reference as is asked. */
const pool = (agents: number, ofReference: number, worstSeed = 2.8): Partial<Row> => ({
  agents, answerPercent: 40, predictive: cell(ofReference, 2.8, { abandonmentRange: [2.7, worstSeed] }), reference: cell(100, 2.8), split: undefined,
});
const changing = (agents: number, occupancy: number): Partial<Row> => ({ agents, answerPercent: undefined, predictive: cell(occupancy, 2.8), reference: undefined, split: undefined });
const quarter = (agents: number, above: number): Partial<Row> => ({ predictive: cell(89.6, 2.8, { agents, worstQuarter: { answers: 100, abandons: above + 3, above } }) });
const peer = (name: string, occupancy: number): Partial<Row> => ({ tuned: [{ peer: name, tried: 1, best: cell(occupancy, 2.5) }] });

test.each<[string, inside: Partial<Row>, outside: Partial<Row>]>([
  ['mean abandonment, %', { predictive: cell(89.6, 3, { abandonmentRange: [2.9, 3] }) }, { predictive: cell(89.6, 3.01, { abandonmentRange: [2.9, 3] }) }],
  ['abandonment of a single seed, up to 10 agents, %', pool(10, 98, 3.2), pool(10, 98, 3.21)],
  ['abandonment of a single seed, above 10 agents, %', pool(11, 98, 3), pool(11, 98, 3.01)],
  ['occupancy above the table, points', { predictive: cell(89.1, 2.8), reference: undefined }, { predictive: cell(89.09, 2.8), reference: undefined }],
  ['occupancy above the best peer within 3 %, points', peer('power', 89.6), peer('power', 89.61)],
  ['occupancy / reference, up to 10 agents', pool(10, 96.5), pool(10, 96.49)],
  ['occupancy / reference, 20 to 50 agents', pool(11, 98), pool(11, 97.99)],
  ['occupancy / reference, 20 to 50 agents', pool(99, 98), pool(99, 97.99)],
  ['occupancy / reference, from 100 agents', pool(100, 99), pool(100, 98.99)],
  ['abandons of any 15 minutes above 3 % of answers + 5 + 0.1 × agents', quarter(20, 7), quarter(20, 7.01)],
  ['abandons of any 15 minutes above 3 % of answers + 5 + 0.1 × agents', quarter(100, 15), quarter(100, 15.01)],
  ['occupancy where things change, 20 agents, %', changing(20, 87), changing(20, 86.99)],
  ['occupancy where things change, 100 agents, %', changing(100, 95), changing(100, 94.99)],
  ['occupancy lost by orders split over 10 workers, 1 s late, points', { split: cell(89.1, 2.8) }, { split: cell(89.09, 2.8) }],
  ['progressive off the table, points', { progressive: cell(72.3, 2) }, { progressive: cell(72.29, 0) }],
  ['progressive off the table, points', { progressive: cell(76.3, 2) }, { progressive: cell(76.31, 0) }],
  ['progressive off the table, points', { progressive: cell(74.3, 2) }, { progressive: cell(74.3, 2.01) }],
  ['legacy off the table, points', { legacy: cell(89.3, 24.4) }, { legacy: cell(89.29, 24.4) }],
  ['legacy off the table, points', { legacy: cell(91.3, 26.4) }, { legacy: cell(91.3, 26.41) }],
  ['Issabel off the table, points', { issabel: cell(88.4, 9.5) }, { issabel: cell(88.41, 9.5) }],
  ['Issabel off the table, points', { issabel: cell(86.4, 7.5) }, { issabel: cell(86.4, 7.49) }],
  ['VICIdial below the table, points', peer('vicidial', 80.5), peer('vicidial', 80.49)],
  ['reference below the table, points', { reference: cell(89, 2.8) }, { reference: cell(88.99, 2.8) }],
])('%s', (name, inside, outside) => {
  expect(missed([row(inside)])).toEqual([]);
  expect(missed([row(outside)])).toEqual([name]);
});

test('a figure that is a mean over seeds says what it owes to chance, runs of the same seed held against each other', () => {
  const seeds = (...occupancies: number[]): Cell => cell((occupancies[0]! + occupancies[1]!) / 2, 2.8, { occupancies });
  const errors = Object.fromEntries(judge([row({ predictive: seeds(89.2, 90), split: seeds(88.9, 89.7), reference: seeds(91, 91) })]).checks.map(({ name, error }) => [name.split(',')[0], error]));
  expect(errors).toMatchObject({ 'occupancy lost by orders split over 10 workers': 0, 'occupancy above the table': 0.4, 'occupancy / reference': 0.0044 });
  expect(errors['progressive off the table']).toBeUndefined();
});

test('the worst row counts, and is named', () => {
  const other = row({ scenario: '20 agents, jumps', answerPercent: undefined, predictive: cell(86.9, 2.9), reference: undefined, split: undefined });
  const verdict = judge([row(), other]);
  expect(verdict.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['occupancy where things change, 20 agents, %']);
  expect(verdict.worst).toContainEqual({ check: 'mean abandonment, %', scenario: '20 agents, jumps' });
});

test('of what must be at least so much the least is the worst', () => {
  const verdict = judge([row(), row({ scenario: 'less busy', predictive: cell(89.3, 2.8) }), row({ scenario: 'busier', predictive: cell(89.7, 2.8) })]);
  expect(verdict.worst).toContainEqual({ check: 'occupancy above the table, points', scenario: 'less busy' });
});

test('what was not run gives no check', () => {
  expect(judge([row({ predictive: undefined, reference: undefined, split: undefined, tuned: [] })]).checks.map(({ name }) => name)).toEqual(['progressive off the table, points']);
});
