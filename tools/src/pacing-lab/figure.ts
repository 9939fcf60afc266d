import type { Cell } from './cell.ts';

/** A mean over seeds, and what it owes to which seeds they were. */
export interface Figure {
  value: number;
  /** standard error of the mean; none for a single seed, which tells nothing of it */
  error?: number;
}

export function occupancyOf({ occupancy, occupancies }: Cell): Figure {
  return { value: occupancy, error: standardError(occupancies) };
}

/** Two dialers' occupancies held against each other. Runs with the same seed meet the same people, so their difference owes less to chance than either. */
export function pairwise(one: Cell, other: Cell, against: (one: number, other: number) => number): Figure {
  const each = one.occupancies.map((occupancy, index) => against(occupancy, other.occupancies[index] ?? Number.NaN));
  return { value: against(one.occupancy, other.occupancy), error: standardError(each) };
}

export const minus = (one: number, other: number): number => one - other;

function standardError(values: readonly number[]): number | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n);
}
