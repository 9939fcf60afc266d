import type { Cell } from '../cell.ts';
import { tunedCell, type Row } from '../judge.ts';
import { chartOptions, COLOURS, drawSvg, type Shown } from './draw.ts';
import { Plot } from './plot.ts';

const NAMES = Object.keys(COLOURS) as Shown[];
const LIMIT_PERCENT = 3;

interface Point {
  name: Shown;
  row: Row;
  cell: Cell;
}

/** The charts of the report: file name and SVG. */
export function pacingCharts(rows: readonly Row[]): Record<string, string> {
  const steady = rows.filter(({ answerPercent }) => answerPercent !== undefined);
  return {
    'pacing-occupancy.svg': occupancyAgainstAbandonment(steady),
    'pacing-waiting.svg': agentsWaiting(steady),
    'pacing-quarter.svg': worstQuarter(rows),
  };
}

/** A field per scenario: the further up and the further left, the better; right of the line is against the law. */
function occupancyAgainstAbandonment(rows: readonly Row[]): string {
  const points = pointsOf(rows, NAMES);
  return drawSvg(
    {
      ...chartOptions(NAMES),
      height: 900,
      marginLeft: 50,
      x: { type: 'sqrt', domain: [0, 70], ticks: [0, 1, 3, 10, 30, 60], label: 'abandoned, % of answers →', grid: true },
      y: { domain: [40, 100], ticks: [40, 60, 80, 100], label: '↑ agents busy, %', grid: true },
      fx: { label: 'calls answered', tickFormat: (percent: number) => `${percent} %` },
      fy: { label: null, tickFormat: (agents: number) => `${agents} agents` },
      marginRight: 70,
      marks: [
        Plot.frame({ stroke: '#ddd' }),
        Plot.ruleX([LIMIT_PERCENT], { stroke: '#c43c39', strokeDasharray: '3,3' }),
        Plot.dot(points, { x: abandonment, y: occupancy, fill: 'name', fx: answerPercent, fy: agents, r: radius, symbol: symbolOf }),
      ],
      r: { type: 'identity' },
      symbol: { type: 'identity' },
    },
    NAMES,
  );
}

/** How long an agent waits between two talks. */
function agentsWaiting(rows: readonly Row[]): string {
  const names: Shown[] = ['progressive', 'power, tuned', 'VICIdial, tuned', 'predictive', 'reference'];
  return drawSvg(
    {
      ...chartOptions(names),
      height: 460,
      marginLeft: 110,
      x: { type: 'sqrt', domain: [0, 220], ticks: [0, 1, 5, 10, 20, 50, 100, 200], label: 'mean seconds until the next caller →', grid: true },
      y: { domain: rows.map(({ scenario }) => scenario), label: null, grid: true },
      marks: [Plot.dot(pointsOf(rows, names), { x: ({ cell }: Point) => cell.agentWaitMeanSec, y: scenario, fill: 'name', r: radius, symbol: symbolOf })],
      r: { type: 'identity' },
      symbol: { type: 'identity' },
    },
    names,
  );
}

/** The worst 15 minutes of all runs, and what is allowed in them. */
function worstQuarter(rows: readonly Row[]): string {
  const names: Shown[] = ['VICIdial, tuned', 'predictive'];
  const allowed = ({ agents: count }: Row): number => 5 + 0.1 * count;
  return drawSvg(
    {
      ...chartOptions(names),
      height: 620,
      marginLeft: 140,
      x: { type: 'sqrt', domain: [0, 220], ticks: [0, 2, 5, 10, 20, 50, 100, 200], label: 'abandons above 3 % of the answers, in the worst 15 minutes of any run →', grid: true },
      y: { domain: rows.map(({ scenario: name }) => name), label: null },
      marks: [
        Plot.barX(rows, { x1: 0, x2: allowed, y: 'scenario', fill: '#e8f0e8' }),
        Plot.tickX(rows, { x: allowed, y: 'scenario', stroke: '#3b8f5a', strokeWidth: 2 }),
        Plot.dot(pointsOf(rows, names), { x: ({ cell }: Point) => Math.min(220, cell.worstQuarter.above), y: scenario, fill: 'name', r: 4.5 }),
      ],
    },
    names,
  );
}

function pointsOf(rows: readonly Row[], names: readonly Shown[]): Point[] {
  return rows.flatMap((row) => names.flatMap((name) => {
    const cell = shownCell(row, name);
    return cell ? [{ name, row, cell }] : [];
  }));
}

function shownCell(row: Row, name: Shown): Cell | undefined {
  switch (name) {
    case 'progressive':
      return row.progressive;
    case 'legacy ×6':
      return row.legacy;
    case 'Issabel':
      return row.issabel;
    case 'power, tuned':
      return tunedCell(row, 'power');
    case 'VICIdial, tuned':
      return tunedCell(row, 'vicidial');
    case 'predictive':
      return row.predictive;
    case 'reference':
      return row.reference;
  }
}

const abandonment = ({ cell }: Point): number => cell.abandonment;
const occupancy = ({ cell }: Point): number => cell.occupancy;
const agents = ({ row }: Point): number => row.agents;
const answerPercent = ({ row }: Point): number | undefined => row.answerPercent;
const scenario = ({ row }: Point): string => row.scenario;
const symbolOf = ({ name }: Point): string => (name === 'reference' ? 'square' : name === 'predictive' ? 'diamond' : 'circle');
const radius = ({ name }: Point): number => (name === 'reference' ? 2 : name === 'predictive' ? 5.5 : 3.5);
