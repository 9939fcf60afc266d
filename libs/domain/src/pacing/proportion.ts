/** Splits a whole amount by weights into whole parts that sum to it exactly: the differences of rounded running totals.
 *  @returns zeros when all weights are 0 */
export function proportions(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return weights.map(() => 0);
  let before = 0;
  return weights.map((weight) => {
    const part = Math.round((amount * (before + weight)) / total) - Math.round((amount * before) / total);
    before += weight;
    return part;
  });
}
