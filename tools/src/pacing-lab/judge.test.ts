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
  expect(bestPeer(row({ tuned: [] }))?.occupancy).toBe(74.3);
  expect(bestPeer(row({ tuned: [], progressive: undefined }))).toBeUndefined();
});

test.each<[string, Partial<Row>]>([
  ['mean abandonment, %', { predictive: cell(89.6, 3.01, { abandonmentRange: [2.9, 3] }) }],
  ['abandonment of a single seed, above 10 agents, %', { predictive: cell(89.6, 2.8, { abandonmentRange: [2.7, 3.01] }) }],
  ['occupancy above the table, points', { predictive: cell(89.0, 2.8), reference: undefined }],
  ['occupancy above the best peer within 3 %, points', { tuned: [{ peer: 'power', tried: 1, best: cell(89.7, 2.9) }] }],
  ['occupancy / reference, 20 to 50 agents', { reference: cell(91.5, 2.8) }],
  ['abandons of any 15 minutes above 3 % of answers + 5 + 0.1 × agents', { predictive: cell(89.6, 2.8, { worstQuarter: { answers: 100, abandons: 11, above: 8 } }) }],
  ['occupancy lost by orders split over 10 workers, 1 s late, points', { split: cell(89, 2.8) }],
  ['progressive off the table, points', { progressive: cell(72.2, 0) }],
  ['VICIdial below the table, points', { tuned: [{ peer: 'vicidial', tried: 1, best: cell(80.4, 2.5) }] }],
  ['reference below the table, points', { reference: cell(88.9, 2.8) }],
])('%s', (name, over) => {
  expect(missed([row(over)])).toEqual([name]);
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
