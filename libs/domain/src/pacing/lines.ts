import type { Lines, PacingState } from './types.ts';

/** Calls of each campaign, and after them of those that belong to none, by what they do. */

/** Calls are dialled, or ordered, a second or two after the decision. */
const IGNORED_SEC = 5;

export const NO_LINES: Lines = { ringing: 0, waiting: 0, talking: 0, orders: [], recent: 0, emptySince: null, toldSince: null };

/** Index of the campaign that an event names. Where there is but one it need not be named; -1 is none. */
export function campaignOf({ campaigns }: PacingState, campaignId: string | undefined): number {
  return campaigns.length === 1 ? 0 : campaigns.findIndex(({ id }) => id === campaignId);
}

/** @param campaign  -1 for none */
function changed(lines: readonly Lines[], campaign: number, change: (before: Lines) => Lines): Lines[] {
  const place = campaign < 0 ? lines.length - 1 : campaign;
  return lines.with(place, change(lines[place] as Lines));
}

/** Adds to what a campaign's calls do. @param campaign  -1 for none */
export function shift(lines: readonly Lines[], campaign: number, change: Partial<Record<'ringing' | 'waiting' | 'talking', number>>): Lines[] {
  return changed(lines, campaign, (before) => ({
    ...before,
    ringing: before.ringing + (change.ringing ?? 0),
    waiting: before.waiting + (change.waiting ?? 0),
    talking: before.talking + (change.talking ?? 0),
  }));
}

/** Calls were ordered: that was the campaign's turn, whether it dials them or not. @param clock  second of the order */
export function addOrder(lines: readonly Lines[], campaign: number, n: number, clock: number): Lines[] {
  return changed(lines, campaign, (before) => {
    const last = before.orders.at(-1);
    const orders: Lines['orders'] = last?.[0] === clock ? [...before.orders.slice(0, -1), [clock, last[1] + n]] : [...before.orders, [clock, n]];
    return { ...before, orders, recent: before.recent + n, toldSince: null };
  });
}

/** Ordered calls that will not be dialled: whoever was to dial them had nothing to dial. */
export function voidOrder(lines: readonly Lines[], campaign: number, n: number, clock: number): Lines[] {
  return changed(lines, campaign, (before) => {
    const { orders, taken } = takeNewest(before.orders, n);
    return taken > 0 ? { ...before, orders, emptySince: clock } : before;
  });
}

/** A call rings, an ordered one if there is any. */
export function addRinging(lines: readonly Lines[], campaign: number): Lines[] {
  return changed(lines, campaign, (before) => {
    const { orders, taken } = takeNewest(before.orders, 1);
    return { ...before, ringing: before.ringing + 1, orders, recent: before.recent + 1 - taken, emptySince: null, toldSince: null };
  });
}

/** A campaign is told to dial so many calls. Who neither orders nor dials any for some seconds has none to dial. */
export function tell(line: Lines, n: number, clock: number): Lines {
  const toldSince = n > 0 ? (line.toldSince ?? clock) : null;
  if (toldSince !== null && clock - toldSince >= IGNORED_SEC) return { ...line, toldSince: null, emptySince: clock };
  return toldSince === line.toldSince ? line : { ...line, toldSince };
}

/** Orders that were neither dialled nor voided by now are lost. */
export function dropOrders(lines: readonly Lines[], before: number): readonly Lines[] {
  const isLost = ([second]: Lines['orders'][number]): boolean => second < before;
  if (!lines.some(({ orders }) => orders.some(isLost))) return lines;
  return lines.map((line) => ({ ...line, orders: line.orders.filter((order) => !isLost(order)) }));
}

/** The newest first: what is left of older ones, whose end was never told, grows old and is dropped. */
function takeNewest(orders: Lines['orders'], n: number): { orders: Lines['orders']; taken: number } {
  const left = [...orders];
  let taken = 0;
  for (let last = left.pop(); last; last = left.pop()) {
    const [second, ordered] = last;
    const part = Math.min(ordered, n - taken);
    taken += part;
    if (part === ordered) continue;
    left.push([second, ordered - part]);
    break;
  }
  return { orders: left, taken };
}

export const ordered = ({ orders }: Lines): number => orders.reduce((sum, [, n]) => sum + n, 0);

/** All lines that a campaign holds or has ordered. */
export const held = (line: Lines): number => line.ringing + line.waiting + line.talking + ordered(line);

/** Calls of a campaign that need an agent soon, or may. */
export const onTheWay = (line: Lines): number => line.ringing + line.waiting + ordered(line);
