export const formerRate = (at: number[], from: number): number => at.filter((x) => x >= from - 10_000 && x < from).length / 10;
export function recoveryMs(at: number[], from: number, rate: number, until: number): number | null {
  const W = 1500;
  let last = from;
  for (let t = from; t + W <= until; t += 50) {
    const n = at.filter((x) => x >= t && x < t + W).length;
    if (n < (0.7 * rate * W) / 1000) last = t + W * 0.7;
  }
  return last + 2 * W > until ? null : Math.max(0, last - from);
}
export const percentile = (values: number[], p: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil((p / 100) * values.length) - 1)] ?? 0;
