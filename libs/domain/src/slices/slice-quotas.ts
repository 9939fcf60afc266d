/** Calls in one slice: enough that its lock and lease cost little per call, few enough that several workers share a tick. */
export const MAX_QUOTA = 20;
const SHARED_FROM = 4;

/** Cuts an order of `n` calls into slice quotas that sum to `n`, nearly equal, at least two from 4 calls on.
 *  @example sliceQuotas(45) → [15, 15, 15] */
export function sliceQuotas(n: number): number[] {
  if (n <= 0) return [];
  const slices = Math.max(Math.ceil(n / MAX_QUOTA), n >= SHARED_FROM ? 2 : 1);
  return Array.from({ length: slices }, (_, index) => Math.floor(n / slices) + (index < n % slices ? 1 : 0));
}
