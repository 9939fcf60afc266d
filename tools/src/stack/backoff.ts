/** A process that lived this long has recovered: its next death counts as the first. */
export const HEALTHY_MS = 30_000;
const FIRST_MS = 200;
const MAX_MS = 15_000;

/** How long to wait before a restart.
 *  @param failures deaths in a row, this one included, 1 or more
 *  @param random   0 ≤ random < 1; spreads restarts of several processes that died together
 *  @returns ms: 200 at first, then doubling up to 15 s, each between 75 % and 125 % */
export function restartDelayMs(failures: number, random: number): number {
  if (failures <= 1) return FIRST_MS;
  return Math.round(Math.min(MAX_MS, FIRST_MS * 2 ** (failures - 1)) * (0.75 + random / 2));
}

/** Deaths in a row after one more, given how long the process lived (ms). */
export const countFailure = (failures: number, livedMs: number): number => (livedMs >= HEALTHY_MS ? 1 : failures + 1);
