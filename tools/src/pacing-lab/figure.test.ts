import type { Cell } from './cell.ts';
import { minus, occupancyOf, pairwise } from './figure.ts';

const cell = (...occupancies: number[]): Cell => ({ occupancy: occupancies.reduce((sum, one) => sum + one, 0) / occupancies.length, occupancies }) as Cell;

test('the standard error of a mean is the spread of its seeds over the root of their number', () => {
  expect(occupancyOf(cell(81, 82, 83, 84))).toEqual({ value: 82.5, error: expect.closeTo(0.6455, 4) });
});

test('one seed alone tells nothing of chance', () => {
  expect(occupancyOf(cell(81))).toEqual({ value: 81, error: undefined });
});

test('what all seeds have in common is no chance between two dialers', () => {
  expect(pairwise(cell(80, 84), cell(79, 83), minus)).toEqual({ value: 1, error: 0 });
  expect(pairwise(cell(80, 84), cell(83, 79), minus)).toEqual({ value: 1, error: 4 });
});
