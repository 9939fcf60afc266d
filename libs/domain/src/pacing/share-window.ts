/** Counts how many of a stream's elements were hits over a sliding window, such as the abandoned ones of all live answers over 30 days: sums per
 *  bucket of time, plain JSON, nothing for hours without calls. */
export interface ShareWindow {
  /** bucket being filled: time divided by the bucket's width */
  readonly slot: number;
  readonly total: number;
  readonly hits: number;
  /** earlier buckets, oldest first: slot, total, hits */
  readonly past: readonly (readonly [number, number, number])[];
}

export interface WindowRule {
  readonly bucketSec: number;
  /** the bucket being filled and the whole ones before it */
  readonly buckets: number;
  /** shifts the buckets' edges: a calendar day of UTC−3 begins at 3 h */
  readonly offsetSec?: number;
}

export const EMPTY_WINDOW: ShareWindow = { slot: 0, total: 0, hits: 0, past: [] };

/** @param at  seconds; what comes late is counted as of the bucket being filled, so that it stays a little longer rather than not at all */
export function count(window: ShareWindow, rule: WindowRule, at: number, { total = 0, hits = 0 }: { total?: number; hits?: number }): ShareWindow {
  const slot = slotOf(rule, at);
  if (isEmpty(window)) return { slot, total, hits, past: [] };
  if (slot <= window.slot) return { ...window, total: window.total + total, hits: window.hits + hits };
  const kept = window.past.filter(([past]) => past > slot - rule.buckets);
  if (window.slot > slot - rule.buckets && window.total + window.hits > 0) kept.push([window.slot, window.total, window.hits]);
  return { slot, total, hits, past: kept };
}

/** What the window holds at `now`: a bucket counts as long as any moment of it lies within the rule's buckets, whole, and then no more. */
export function sumUp(window: ShareWindow, rule: WindowRule, now: number): { total: number; hits: number; share: number } {
  const oldest = Math.max(slotOf(rule, now), window.slot) - rule.buckets;
  let total = window.slot > oldest ? window.total : 0;
  let hits = window.slot > oldest ? window.hits : 0;
  for (const [slot, ofTotal, ofHits] of window.past) {
    if (slot <= oldest) continue;
    total += ofTotal;
    hits += ofHits;
  }
  return { total, hits, share: total > 0 ? hits / total : 0 };
}

/** How far the hits of any stretch that ends at `now` are above a share of its total, at most: a window that begins later has no credit of the calm before it.
 *  @returns never below 0, what no calls at all are above */
export function mostAbove(window: ShareWindow, rule: WindowRule, now: number, share: number): number {
  const oldest = Math.max(slotOf(rule, now), window.slot) - rule.buckets;
  let above = window.slot > oldest ? window.hits - share * window.total : 0;
  let most = Math.max(0, above);
  for (const [slot, total, hits] of window.past.toReversed()) {
    if (slot <= oldest) break;
    above += hits - share * total;
    most = Math.max(most, above);
  }
  return most;
}

const slotOf = ({ bucketSec, offsetSec = 0 }: WindowRule, at: number): number => Math.floor((at - offsetSec) / bucketSec);

const isEmpty = ({ total, hits, past }: ShareWindow): boolean => total + hits === 0 && past.length === 0;
