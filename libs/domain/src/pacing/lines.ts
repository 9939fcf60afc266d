import type { Lines, PacingState } from './types.ts';

/** Calls of each campaign, and after them of those that belong to none, by what they do. */

/** Calls are dialled, or ordered, a second or two after the decision: told to dial in so many seconds and still doing neither, a campaign has nothing to. */
const IGNORED_TIMES = 5;
/** An order neither dialled nor voided by then is lost: any, and one that only asks a campaign, among others that dial, whether it has something to. */
const LOST_ORDER_SEC = { any: 60, asking: 5 };

export const NO_LINES: Lines = { ringing: 0, waiting: 0, talking: 0, orders: [], recent: 0, emptySince: null, told: { at: null, times: 0 } };

/** Index of the campaign that an event names. Where there is but one it need not be named; -1 is none. */
export function campaignOf({ campaigns }: PacingState, campaignId: string | undefined): number {
  return campaigns.length === 1 ? 0 : campaigns.findIndex(({ id }) => id === campaignId);
}

/** Who answers an agentless campaign waits for nobody, and tells nothing of those who will. */
export const needsAgent = ({ campaigns }: PacingState, campaign: number): boolean => campaigns[campaign]?.mode !== 'agentless';

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
    return { ...before, orders, recent: before.recent + n, told: NO_LINES.told };
  });
}

/** Ordered calls will not be dialled. */
export function voidOrder(lines: readonly Lines[], campaign: number, n: number, clock: number): Lines[] {
  return changed(lines, campaign, (before) => {
    const { orders, taken } = takeOldest(before.orders, n);
    const left = { ...before, orders };
    return taken > 0 && orders.length === 0 ? emptied(left, clock) : left;
  });
}

/** A call rings, an ordered one if there is any. @param recent  what a campaign that had nothing to dial counts as having dialled by now */
export function addRinging(lines: readonly Lines[], campaign: number, recent: number): Lines[] {
  return changed(lines, campaign, (before) => {
    const { orders, taken } = takeOldest(before.orders, 1);
    const turns = before.emptySince === null ? before.recent : Math.max(before.recent, recent);
    return { ...before, ringing: before.ringing + 1, orders, recent: turns + 1 - taken, emptySince: null, told: NO_LINES.told };
  });
}

/** A campaign is told to dial. */
export function tell(line: Lines, clock: number): Lines {
  return line.told.at === clock ? line : { ...line, told: { at: clock, times: line.told.times + 1 } };
}

/** Orders that nobody carried out are dropped; who leaves them, or whatever it is told, has nothing to dial. */
export function forget(line: Lines, clock: number, othersDial: boolean): Lines {
  const lostBefore = clock - (line.emptySince !== null && othersDial ? LOST_ORDER_SEC.asking : LOST_ORDER_SEC.any);
  const orders = line.orders.filter(([second]) => second >= lostBefore);
  const ignores = line.told.times >= IGNORED_TIMES && line.told.at !== clock;
  if (orders.length === line.orders.length && !ignores) return line;
  return emptied({ ...line, orders, told: ignores ? NO_LINES.told : line.told }, clock);
}

/** Who gives back, or leaves, what it was told to dial has nothing to dial, unless its calls ring. */
const emptied = (line: Lines, clock: number): Lines => (line.ringing > 0 ? line : { ...line, emptySince: clock });

function takeOldest(orders: Lines['orders'], n: number): { orders: Lines['orders']; taken: number } {
  let taken = 0;
  const left = orders.map(([second, ordered]) => {
    const part = Math.min(ordered, n - taken);
    taken += part;
    return [second, ordered - part] as const;
  });
  return { orders: left.filter(([, ordered]) => ordered > 0), taken };
}

export const ordered = ({ orders }: Lines): number => orders.reduce((sum, [, n]) => sum + n, 0);

/** All lines that a campaign holds or has ordered. */
export const held = (line: Lines): number => line.ringing + line.waiting + line.talking + ordered(line);

/** Calls of a campaign that need an agent soon, or may. */
export const onTheWay = (line: Lines): number => line.ringing + line.waiting + ordered(line);
