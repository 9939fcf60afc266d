import { atLeast, atMost, rounded, type Check } from '../bench/measurement.ts';
import type { Cell } from './cell.ts';
import { EXPECTED, type ExpectedRow } from './expected-table.ts';
import { minus, occupancyOf, pairwise, type Figure } from './figure.ts';
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
type FigureOf = (row: Row) => Figure | number | undefined;

/** Holds a table against what is asked of the controller. A figure that no row has gives no check. */
export function judge(rows: readonly Row[]): Verdict {
  const verdict: Verdict = { checks: [], worst: [] };
  const most = (name: string, of: FigureOf, limit: number, among: readonly Row[] = rows): void => check(verdict, name, among, of, atMost, limit);
  const least = (name: string, of: FigureOf, limit: number, among: readonly Row[] = rows): void => check(verdict, name, among, of, atLeast, limit);
  const changing = (agents: number): Row[] => rows.filter((row) => row.answerPercent === undefined && row.agents === agents);
  const sized = (from: number, to: number): Row[] => rows.filter(({ agents }) => agents >= from && agents <= to);

  most('mean abandonment, %', ({ predictive }) => predictive?.abandonment, ABANDON_LIMIT_PERCENT);
  most('abandonment of a single seed, up to 10 agents, %', worstSeed, 3.2, sized(1, 10));
  most('abandonment of a single seed, above 10 agents, %', worstSeed, 3, sized(11, Number.POSITIVE_INFINITY));
  least('occupancy above the table, points', aboveTable, -0.5);
  least('occupancy above the best peer within 3 %, points', aboveBestPeer, 0);
  least('occupancy / reference, up to 10 agents', ofReference, 0.965, sized(1, 10));
  least('occupancy / reference, 20 to 50 agents', ofReference, 0.98, sized(11, 99));
  least('occupancy / reference, from 100 agents', ofReference, 0.99, sized(100, Number.POSITIVE_INFINITY));
  most('abandons of any 15 minutes above 3 % of answers + 5 + 0.1 × agents', aboveAllowance, 0);
  least('occupancy where things change, 20 agents, %', ({ predictive }) => predictive && occupancyOf(predictive), 87, changing(20));
  least('occupancy where things change, 100 agents, %', ({ predictive }) => predictive && occupancyOf(predictive), 95, changing(100));
  most('occupancy lost by orders split over 10 workers, 1 s late, points', ({ predictive, split }) => predictive && split && pairwise(predictive, split, minus), 0.5);
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

function check(verdict: Verdict, name: string, rows: readonly Row[], of: FigureOf, make: typeof atMost, limit: number): void {
  const figures = rows.flatMap((row) => {
    const figure = of(row);
    if (figure === undefined) return [];
    return [{ scenario: row.scenario, ...(typeof figure === 'number' ? { value: figure } : figure) }];
  });
  const worst = figures.toSorted((one, other) => (make === atMost ? other.value - one.value : one.value - other.value))[0];
  if (!worst) return;
  const { scenario, value, error } = worst;
  verdict.checks.push({ ...make(name, rounded(value, 4), limit), ...(error !== undefined && { error: rounded(error, 4) }) });
  verdict.worst.push({ check: name, scenario });
}

function worstSeed({ predictive }: Row): number | undefined {
  return predictive?.abandonmentRange[1];
}

function ofReference({ predictive, reference }: Row): Figure | undefined {
  return predictive && reference && pairwise(predictive, reference, (own, known) => own / known);
}

function aboveBestPeer(row: Row): Figure | undefined {
  const peer = bestPeer(row);
  return row.predictive && peer && pairwise(row.predictive, peer, minus);
}

function aboveTable(row: Row): Figure | undefined {
  const there = expectedOf(row)?.predictive[0];
  return row.predictive && there !== undefined ? { ...occupancyOf(row.predictive), value: row.predictive.occupancy - there } : undefined;
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
