/** Occupancy, and abandonment where it is not 0, in %: what these dialers gave on another simulator of the same world, over five seeds or more.
 *  Peers that stay far below are not rebuilt faithfully; a controller that stays below has got worse. */
export interface ExpectedRow {
  agents: number;
  answerPercent: number;
  progressive: [number, number];
  legacy: [number, number];
  issabel: [number, number];
  /** its best mode within 3 % */
  vicidial: [number, number];
  predictive: [number, number];
  reference: number;
}

const row = (agents: number, answerPercent: number, progressive: number, legacy: [number, number], issabel: [number, number], vicidial: [number, number], predictive: [number, number], reference: number): ExpectedRow => ({
  agents, answerPercent, progressive: [progressive, 0], legacy, issabel, vicidial, predictive, reference,
});

export const EXPECTED: readonly ExpectedRow[] = [
  row(5, 10, 47.1, [77.0, 10.7], [76.2, 12.8], [53.4, 1.3], [74.6, 2.73], 76.8),
  row(5, 30, 74.4, [88.6, 40.8], [86.2, 27.8], [73.1, 1.8], [83.9, 2.85], 86.1),
  row(5, 60, 87.3, [91.3, 64.9], [90.7, 31.5], [86.8, 0.9], [89.5, 2.91], 92.0),
  row(10, 10, 47.1, [78.1, 4.4], [76.1, 5.5], [54.7, 1.5], [81.2, 2.84], 83.6),
  row(10, 30, 74.2, [90.1, 32.9], [86.2, 17.3], [73.0, 2.8], [86.1, 2.87], 88.6),
  row(10, 60, 87.7, [92.7, 58.6], [90.9, 20.6], [86.9, 1.9], [90.8, 2.79], 93.2),
  row(20, 10, 46.2, [78.7, 1.2], [77.1, 1.5], [75.8, 2.8], [87.6, 2.81], 88.7),
  row(20, 30, 74.3, [91.3, 24.4], [86.4, 9.5], [82.5, 2.3], [89.6, 2.8], 91.0),
  row(20, 60, 87.7, [94.1, 51.3], [90.6, 9.0], [86.7, 2.6], [92.2, 2.81], 93.9),
  row(50, 10, 46.2, [78.9, 0], [77.5, 0], [83.6, 1.6], [93.1, 2.8], 94.1),
  row(50, 30, 74.2, [92.4, 13.4], [87.8, 3.2], [88.6, 1.9], [93.8, 2.8], 95.0),
  row(50, 60, 87.6, [95.4, 40.7], [90.8, 1.9], [91.4, 1.0], [95.0, 2.81], 96.2),
  row(100, 10, 46.1, [78.7, 0], [77.4, 0], [90.5, 2.4], [96.1, 2.8], 96.7),
  row(100, 30, 74.2, [93.0, 7.2], [89.3, 1.2], [91.8, 1.4], [96.5, 2.8], 97.1),
  row(100, 60, 87.6, [96.1, 33.5], [90.7, 0.1], [94.2, 1.2], [97.0, 2.8], 97.8),
  row(500, 10, 46.1, [78.8, 0], [77.5, 0], [95.9, 1.4], [99.2, 2.79], 99.4),
  row(500, 30, 74.4, [93.5, 0.9], [90.2, 0], [96.0, 0.9], [99.3, 2.79], 99.5),
  row(500, 60, 87.6, [96.9, 20.4], [90.5, 0], [98.1, 1.9], [99.4, 2.78], 99.6),
];
