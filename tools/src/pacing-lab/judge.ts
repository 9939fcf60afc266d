import { atLeast, atMost, rounded, type Check } from '../bench/measurement.ts';
import type { Cell } from './cell.ts';
import { EXPECTED, type ExpectedRow } from './expected-table.ts';
import { ABANDON_LIMIT_PERCENT, type Tuned } from './tune-peers.ts';

/** All cells of one scenario; what was not run is missing. */
export interface Row {
  scenario: string;
  agents: number;
  answerPercent?: number;
  progressive?: Cell;
  legacy?: Cell;
  issabel?: Cell;
  tuned: Tuned[];
  predictive?: Cell;
  reference?: Cell;
  /** predictive, its orders split over ten workers that dial a second later */
  split?: Cell;
  /** the reference, its orders split alike: what being late costs whoever knows all else */
  referenceSplit?: Cell;
}

/** Where a check's value comes from. */
export interface WorstCase {
  check: string;
  scenario: string;
}

export interface Verdict {
  checks: Check[];
  worst: WorstCase[];
}

/** A figure per row; rows without it do not count. */
type Figure = (row: Row) => number | undefined;

/** Holds a table against what is asked of the controller. A figure that no row has gives no check. */
export function judge(rows: readonly Row[]): Verdict {
  const verdict: Verdict = { checks: [], worst: [] };
  const most = (name: string, of: Figure, limit: number, among: readonly Row[] = rows): void => check(verdict, name, among, of, atMost, limit);
  const least = (name: string, of: Figure, limit: number, among: readonly Row[] = rows): void => check(verdict, name, among, (row) => negated(of(row)), (title, value) => atLeast(title, -value, limit), limit);
  const changing = (agents: number): Row[] => rows.filter((row) => row.answerPercent === undefined && row.agents === agents);
  const sized = (from: number, to: number): Row[] => rows.filter(({ agents }) => agents >= from && agents <= to);

  most('mean abandonment, %', ({ predictive }) => predictive?.abandonment, ABANDON_LIMIT_PERCENT);
  most('abandonment of a single seed, up to 10 agents, %', worstSeed, 3.2, sized(1, 10));
  most('abandonment of a single seed, above 10 agents, %', worstSeed, 3, sized(11, Number.POSITIVE_INFINITY));
  least('occupancy above the table, points', (row) => difference(row.predictive?.occupancy, expectedOf(row)?.predictive[0]), -0.5);
  least('occupancy above the best peer within 3 %, points', (row) => difference(row.predictive?.occupancy, bestPeer(row)?.occupancy), 0);
  least('occupancy / reference, up to 10 agents', ofReference, 0.965, sized(1, 10));
  least('occupancy / reference, 20 to 50 agents', ofReference, 0.98, sized(11, 99));
  least('occupancy / reference, from 100 agents', ofReference, 0.99, sized(100, Number.POSITIVE_INFINITY));
  most('abandons of any 15 minutes above 3 % of answers + 5 + 0.1 × agents', aboveAllowance, 0);
  least('occupancy where things change, 20 agents, %', ({ predictive }) => predictive?.occupancy, 87, changing(20));
  least('occupancy where things change, 100 agents, %', ({ predictive }) => predictive?.occupancy, 95, changing(100));
  most('occupancy lost by orders split over 10 workers, 1 s late, points', ({ predictive, split }) => difference(predictive?.occupancy, split?.occupancy), 0.5);
  most('progressive off the table, points', (row) => offTable(row.progressive, expectedOf(row)?.progressive), 2);
  most('legacy off the table, points', (row) => offTable(row.legacy, expectedOf(row)?.legacy), 2);
  most('Issabel off the table, points', (row) => offTable(row.issabel, expectedOf(row)?.issabel), 2);
  most('VICIdial below the table, points', (row) => difference(expectedOf(row)?.vicidial[0], tunedCell(row, 'vicidial')?.occupancy), 2);
  most('reference below the table, points', (row) => difference(expectedOf(row)?.reference, row.reference?.occupancy), 2);
  return verdict;
}

/** The most that a dialer of others keeps its agents busy within the limit. */
export function bestPeer(row: Row): Cell | undefined {
  const within = row.tuned.map(({ best }) => best).concat(row.progressive ?? []).filter((cell) => cell.abandonment <= ABANDON_LIMIT_PERCENT);
  return within.reduce<Cell | undefined>((best, cell) => (best && best.occupancy >= cell.occupancy ? best : cell), undefined);
}

/** @returns undefined when no setting of the peer was tried in this scenario */
export function tunedCell(row: Row, peer: string): Cell | undefined {
  return row.tuned.find((one) => one.peer === peer)?.best;
}

export function expectedOf(row: Row): ExpectedRow | undefined {
  return EXPECTED.find(({ agents, answerPercent }) => agents === row.agents && answerPercent === row.answerPercent);
}

function check(verdict: Verdict, name: string, rows: readonly Row[], of: Figure, make: typeof atMost, limit: number): void {
  let worst: { scenario: string; value: number } | undefined;
  for (const row of rows) {
    const value = of(row);
    if (value !== undefined && (!worst || value > worst.value)) worst = { scenario: row.scenario, value };
  }
  if (!worst) return;
  verdict.checks.push(make(name, rounded(worst.value, 4), limit));
  verdict.worst.push({ check: name, scenario: worst.scenario });
}

function worstSeed({ predictive }: Row): number | undefined {
  return predictive?.abandonmentRange[1];
}

function ofReference({ predictive, reference }: Row): number | undefined {
  return predictive && reference && predictive.occupancy / reference.occupancy;
}

function aboveAllowance({ predictive }: Row): number | undefined {
  return predictive && predictive.worstQuarter.above - 5 - 0.1 * predictive.agents;
}

/** The larger of the differences in occupancy and in abandonment. */
function offTable(cell: Cell | undefined, expected: [number, number] | undefined): number | undefined {
  return cell && expected && Math.max(Math.abs(cell.occupancy - expected[0]), Math.abs(cell.abandonment - expected[1]));
}

function difference(value: number | undefined, from: number | undefined): number | undefined {
  return value === undefined || from === undefined ? undefined : value - from;
}

const negated = (value: number | undefined): number | undefined => (value === undefined ? undefined : -value);
