/** Upper bounds with cumulative counts, summed over processes. */
export type Histogram = Map<number, number>;

/** Reads one histogram out of several processes' metrics pages. */
export function readHistogram(pages: string[], name: string): Histogram {
  const histogram: Histogram = new Map();
  const pattern = new RegExp(`^${name}_bucket\\{[^}]*le="([^"]+)"[^}]*\\} (\\S+)$`, 'gm');
  for (const [, bound, count] of pages.flatMap((page) => [...page.matchAll(pattern)])) {
    const upTo = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
    histogram.set(upTo, (histogram.get(upTo) ?? 0) + Number(count));
  }
  return histogram;
}

/** Quantiles of what was observed between two readings, interpolated within the bucket; the last finite bound at most. */
export function histogramQuantiles(before: Histogram, after: Histogram, quantiles: number[]): number[] {
  const bounds = [...after.keys()].sort((a, b) => a - b);
  const counts = bounds.map((bound) => (after.get(bound) ?? 0) - (before.get(bound) ?? 0));
  const total = counts.at(-1) ?? 0;
  return quantiles.map((quantile) => {
    const wanted = quantile * total;
    const index = counts.findIndex((count) => count >= wanted);
    const [low, below] = index > 0 ? [bounds[index - 1] ?? 0, counts[index - 1] ?? 0] : [0, 0];
    const high = bounds[index] ?? low;
    if (!Number.isFinite(high)) return low;
    const inside = (counts[index] ?? 0) - below;
    return inside === 0 ? high : low + ((high - low) * (wanted - below)) / inside;
  });
}
