import type { FaultLine, RecoveryRow } from './types.ts';

/** Permits come in steps of a fifth of a second, so shorter windows hold chance. */
const WINDOW_MS = 2_000;
/** At 10 calls/s a window has 20 ± 3 of them by chance, and 10 ± 2 with a hole of one second in it: the line lies between. */
const SHARE = 0.7;
/** One step that comes 0.1 s late after a hole does not prolong it: in those 0.3 s less is missing than the step brings. */
const END_SHARE = 0.6;
const FORMER_MS = 10_000;

/** Calls per second over the ten seconds before `from`. @param invitesAt  sorted epoch ms */
export function formerRate(invitesAt: readonly number[], from: number): number {
  return (firstFrom(invitesAt, from) - firstFrom(invitesAt, from - FORMER_MS)) / (FORMER_MS / 1000);
}

/** How long after `from` the dialling is back at its former rate: until the end of the last hole.
 *  A hole is wherever a window of 2 s inside [from, until] holds less than 0.7 of the calls that the former rate would have brought. Of the last
 *  such window the hole ends at the call up to which most is missing of 0.6 of those calls: with a full stop that is the first call after it. Counted from `from`, not from the beginning of the hole: what was ordered before a fault is dialled for a while.
 *  At 10 calls/s a hole under 0.3 s is chance and does not count, one of 0.8 s does; dialling at more than 0.7 of the rate counts as back.
 *  @param invitesAt  sorted epoch ms, until `untilMs` at least
 *  @param ratePerSec  the former rate
 *  @returns ms, 0 without a hole; null when the last window is still one, when [from, until] is shorter than a window, or without a rate */
export function recoveryMs(invitesAt: readonly number[], from: number, ratePerSec: number, untilMs: number): number | null {
  const lastStart = untilMs - WINDOW_MS;
  if (ratePerSec <= 0 || lastStart < from) return null;
  const isHole = (start: number): boolean => between(invitesAt, start, start + WINDOW_MS).length < (SHARE * ratePerSec * WINDOW_MS) / 1000;
  if (isHole(lastStart)) return null;
  // A window holds the fewest when it begins right after a call, or ends right before one.
  const near = between(invitesAt, from - 1, untilMs + 1);
  const starts = [from, ...near, ...near.map((at) => at - WINDOW_MS)].filter((start) => start >= from && start <= lastStart);
  const last = starts.filter(isHole).reduce((latest, start) => Math.max(latest, start), Number.NEGATIVE_INFINITY);
  return last === Number.NEGATIVE_INFINITY ? 0 : endOfHole(invitesAt, last, ratePerSec) - from;
}

function endOfHole(invitesAt: readonly number[], start: number, ratePerSec: number): number {
  const calls = [...between(invitesAt, start, start + WINDOW_MS), start + WINDOW_MS];
  let most = 0;
  let end = start;
  calls.forEach((at, before) => {
    const missing = (END_SHARE * ratePerSec * (at - start)) / 1000 - before;
    if (missing > most) [most, end] = [missing, at];
  });
  return end;
}

/** Calls after `from` and before `to`, both exclusive. */
function between(sorted: readonly number[], from: number, to: number): number[] {
  return sorted.slice(firstFrom(sorted, from, true), firstFrom(sorted, to));
}

/** Index of the first value that is not below `limit`, or with `after` above it. */
function firstFrom(sorted: readonly number[], limit: number, after = false): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] ?? 0;
    if (at < limit || (after && at === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Nearest rank. @param p  0–100 @returns null when there are no values */
export function percentile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? null;
}

/** p50, p95 and maximum of each group of which a fault was measured, in the order of `limits`.
 *  A counted fault of a group that has no `recoveredMs` never came back: it counts as slower than all others. */
export function summarizeRecovery(faults: readonly FaultLine[], limits: readonly { group: string; limitMs: number }[]): RecoveryRow[] {
  return limits.flatMap(({ group, limitMs }) => {
    const times = faults.filter((fault) => fault.counted && fault.group === group).map(({ recoveredMs }) => recoveredMs ?? Number.POSITIVE_INFINITY);
    const at = (p: number): number | null => {
      const value = percentile(times, p);
      return value === null || !Number.isFinite(value) ? null : value;
    };
    return times.length === 0 ? [] : [{ group, faults: times.length, p50Ms: at(50), p95Ms: at(95), maxMs: at(100), limitMs }];
  });
}
