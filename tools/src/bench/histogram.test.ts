import { histogramQuantiles, readHistogram } from './histogram.ts';

const page = (a: number, b: number, c: number) =>
  `# HELP x\nx_bucket{app="w",le="0.01"} ${a}\nx_bucket{le="0.1",app="w"} ${b}\nx_bucket{le="+Inf"} ${c}\nx_sum 3\nother_bucket{le="0.1"} 99\n`;

test('sums buckets over processes and interpolates between two readings', () => {
  const before = readHistogram([page(0, 10, 10)], 'x');
  const after = readHistogram([page(5, 15, 15), page(5, 105, 110)], 'x');
  expect(after.get(0.1)).toBe(120);
  const [p10, p50, p99] = histogramQuantiles(before, after, [0.1, 0.5, 0.99]);
  expect(p10).toBeCloseTo(0.0114, 3);
  expect(p50).toBeGreaterThan(0.04);
  expect(p99).toBe(0.1);
});
