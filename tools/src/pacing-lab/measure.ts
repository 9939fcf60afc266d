import { atLeast, atMost, measurement, type Measurement } from '../bench/measurement.ts';
import { step, type Report } from '../stack/report.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import type { Cell } from './cell.ts';
import { decisionTimeMs } from './decision-time.ts';
import type { Dialer } from './dialers.ts';
import { expectedOf, judge, tunedCell, type Row, type WorstCase } from './judge.ts';
import { Lab } from './lab.ts';
import { COLUMNS, type Column, type MeasureCommand } from './options.ts';
import { GRID, peerGrid } from './peers/grid.ts';
import { RUN_OPTIONS } from './simulation.ts';
import { tunePeers, type Tuned } from './tune-peers.ts';
import { SCENARIOS, type Scenario } from './world/scenarios.ts';

export interface PacingResult {
  seeds: number[];
  hours: number;
  rows: Row[];
  /** settings tried of each peer */
  grid: typeof GRID;
  worst: WorstCase[];
  callsPerCpuSecond: number;
  decisionMs: number;
}

export interface PacingMeasurement extends Measurement {
  result: PacingResult;
}

const PREDICTIVE: Dialer = { kind: 'domain', config: { mode: 'predictive' } };
const WORKERS = 10;
/** Pools for which orders are also split: a small one and a large one. */
const SPLIT_AGENTS = [20, 100];
const LEAST_CALLS_PER_CPU_SECOND = 500_000;
/** Fewer tell how fast the code is compiled. */
const CALLS_TO_TIME = 5_000_000;
const MOST_DECISION_MS = 1;

/** Runs the whole table, or the part that was asked for, and judges it. */
export async function measurePacing(options: MeasureCommand, say: Report): Promise<PacingMeasurement> {
  const seeds = Array.from({ length: options.seeds }, (_, index) => options.seed + index);
  const lab = new Lab({ seeds, hours: options.hours, threads: options.threads });
  const scenarios = SCENARIOS.filter(({ name }) => options.scenario.length === 0 || options.scenario.includes(name));
  const columns = new Set(options.controller.length === 0 ? COLUMNS : options.controller);
  const rows: Row[] = [];
  for (const scenario of scenarios) rows.push(await step(say, scenario.name, () => measureRow(lab, scenario, columns, rows)));
  if (!rows.some(hasCells)) throw new StackError('Nothing to measure: none of these columns is run in these scenarios (the reference and split orders are where people always answer alike)', EXIT.usage);
  const decisionMs = await step(say, 'a decision for 500 agents', async () => decisionTimeMs());
  const { checks, worst } = judge(rows);
  const callsPerCpuSecond = lab.callsPerCpuSecond();
  if (lab.simulatedCalls >= CALLS_TO_TIME) checks.push(atLeast('calls simulated per CPU second, dialers that count', callsPerCpuSecond, LEAST_CALLS_PER_CPU_SECOND));
  checks.push(atMost('a decision for 500 agents and 4,000 calls, ms', decisionMs, MOST_DECISION_MS));
  const result: PacingResult = { seeds, hours: options.hours, rows, grid: GRID, worst, callsPerCpuSecond, decisionMs };
  return { ...measurement('pacing-lab', options.seed, { baseline: rows.map(peersOf), result, ratio: ratios(rows), checks }), result };
}

/** @param before  rows measured already */
async function measureRow(lab: Lab, scenario: Scenario, columns: ReadonlySet<Column>, before: readonly Row[]): Promise<Row> {
  const isSteady = scenario.answerPercent !== undefined;
  const isSplit = isSteady && SPLIT_AGENTS.includes(scenario.agents);
  const run = async (column: Column, dialer: Dialer, splitOver?: number): Promise<Cell | undefined> => (columns.has(column) ? (await lab.run([{ scenario, dialer, splitOver }]))[0] : undefined);
  return {
    scenario: scenario.name,
    agents: scenario.agents,
    answerPercent: scenario.answerPercent,
    progressive: await run('progressive', { kind: 'progressive' }),
    legacy: await run('legacy', { kind: 'legacy', impulseFactor: 6 }),
    issabel: await run('issabel', { kind: 'issabel', qos: 0.97 }),
    tuned: !columns.has('peers') ? [] : isSteady ? await tuneIn(lab, scenario) : await asTunedBefore(lab, scenario, before),
    predictive: await run('predictive', PREDICTIVE),
    reference: isSteady ? await run('reference', { kind: 'reference' }) : undefined,
    split: isSplit ? await run('split', PREDICTIVE, WORKERS) : undefined,
    referenceSplit: isSplit && columns.has('reference') ? await run('split', { kind: 'reference' }, WORKERS) : undefined,
  };
}

const hasCells = ({ progressive, legacy, issabel, tuned, predictive, reference, split }: Row): boolean => tuned.length > 0 || [progressive, legacy, issabel, predictive, reference, split].some((cell) => cell !== undefined);

const tuneIn = (lab: Lab, scenario: Scenario): Promise<Tuned[]> => tunePeers(lab, scenario, peerGrid(scenario.agents, lab.settings.hours + RUN_OPTIONS.warmUpSec / 3600));

/** Nobody tunes a dialer anew each time that people answer differently: where things change peers keep what was best for as many agents when
 *  30 % answered all day. */
async function asTunedBefore(lab: Lab, scenario: Scenario, before: readonly Row[]): Promise<Tuned[]> {
  const isSteady = ({ agents, answerPercent }: Pick<Row, 'agents' | 'answerPercent'>): boolean => agents === scenario.agents && answerPercent === 30;
  const tuned = before.find(isSteady)?.tuned ?? (await tuneIn(lab, SCENARIOS.find(isSteady) as Scenario));
  const cells = await lab.run(tuned.map(({ best }) => ({ scenario, dialer: best.dialer })));
  return cells.map((best, index) => ({ peer: tuned[index]?.peer ?? '', tried: 1, best }));
}

function peersOf({ scenario, progressive, legacy, issabel, tuned }: Row): object {
  return { scenario, progressive: shortly(progressive), legacy: shortly(legacy), issabel: shortly(issabel), ...Object.fromEntries(tuned.map(({ peer, best }) => [`${peer}, tuned`, shortly(best)])) };
}

const shortly = (cell: Cell | undefined): [number, number] | undefined => cell && [cell.occupancy, cell.abandonment];

/** Occupancy of the predictive controller over that of others, in the middle of the table. */
function ratios(rows: readonly Row[]): Record<string, number> {
  return Object.fromEntries(
    rows.flatMap((row) => {
      const over = (name: string, other: number | undefined): [string, number][] => (row.predictive && other ? [[`${row.scenario}: ${name}`, row.predictive.occupancy / other]] : []);
      return [...over('reference', row.reference?.occupancy), ...over('vicidial', tunedCell(row, 'vicidial')?.occupancy), ...over('table', expectedOf(row)?.predictive[0])];
    }),
  );
}
