import type { Lines, PacingState } from './types.ts';

/** Calls of each campaign, and after them of those that belong to none, by what they do. */

type Phase = 'ringing' | 'waiting' | 'talking' | 'ordered';

/** Index of the campaign that an event names. Where there is but one it need not be named; -1 is none. */
export function campaignOf({ campaigns }: PacingState, campaignId: string | undefined): number {
  return campaigns.length === 1 ? 0 : campaigns.findIndex(({ id }) => id === campaignId);
}

/** Adds to what a campaign's calls do; never below nothing. @param campaign  -1 for none */
export function shift(lines: readonly Lines[], campaign: number, change: Partial<Record<Phase | 'recent', number>>): Lines[] {
  const place = campaign < 0 ? lines.length - 1 : campaign;
  const copy = lines.slice();
  const { ringing, waiting, talking, ordered, recent } = copy[place] as Lines;
  copy[place] = {
    ringing: ringing + (change.ringing ?? 0),
    waiting: waiting + (change.waiting ?? 0),
    talking: talking + (change.talking ?? 0),
    ordered: Math.max(0, ordered + (change.ordered ?? 0)),
    recent: recent + (change.recent ?? 0),
  };
  return copy;
}

/** All lines that a campaign holds or has ordered. */
export const held = ({ ringing, waiting, talking, ordered }: Lines): number => ringing + waiting + talking + ordered;
