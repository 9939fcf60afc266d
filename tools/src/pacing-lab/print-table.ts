import Table from 'cli-table3';
import { valueOf } from '../bench/measurement.ts';
import type { Cell } from './cell.ts';
import { bestPeer, tunedCell, type Row } from './judge.ts';
import type { PacingMeasurement } from './measure.ts';

const HEAD = ['scenario', 'progressive', 'legacy ×6', 'Issabel', 'VICIdial best', 'best peer', 'predictive', 'split over 10', 'reference'];

/** The table and the checks as text for a terminal: occupancy % / abandonment %. */
export function printTable({ result, checks }: PacingMeasurement): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [] }, colAligns: ['left', ...HEAD.slice(1).map(() => 'right' as const)] });
  table.push(...result.rows.map((row) => [row.scenario, ...cellsOf(row).map(shown)]));
  const lines = checks.map((check) => `${check.ok ? '✓' : '✗'} ${check.name}: ${valueOf(check)} (${check.limit})${worstOf(result.worst, check.name)}`);
  return [table.toString(), ...lines].join('\n');
}

function cellsOf(row: Row): (Cell | undefined)[] {
  return [row.progressive, row.legacy, row.issabel, tunedCell(row, 'vicidial'), bestPeer(row), row.predictive, row.split, row.reference];
}

function worstOf(worst: readonly { check: string; scenario: string }[], name: string): string {
  const found = worst.find(({ check }) => check === name);
  return found ? `, worst with ${found.scenario}` : '';
}

function shown(cell: Cell | undefined): string {
  return cell ? `${cell.occupancy.toFixed(1)} / ${cell.abandonment.toFixed(2)}` : '';
}
