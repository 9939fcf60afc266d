import { held, needsAgent } from './lines.ts';
import type { Campaign, PacingState } from './types.ts';

/** So often one of the campaigns that have nothing to dial is asked whether it has something again. */
const ASK_EMPTY_SEC = 10;
/** The next decision is a second away: whatever limits allow, no PBX takes more until then. */
const MOST_AT_ONCE = 10_000;

/** What the campaigns of a pool may be given at most. */
export interface Portions {
  /** calls for all campaigns that need agents together */
  forAgents: number;
  /** calls for the whole pool as each campaign would have it: it gets none beyond that */
  wishes: readonly number[];
  /** calls for the whole pool that each campaign's lines per agent leave room for: also of the single one by which it is asked */
  caps: readonly number[];
}

export interface Shares {
  /** calls per campaign */
  shares: number[];
  /** of them, those that need agents */
  given: number;
  /** the pool has no channel left */
  full: boolean;
  /** campaign with nothing to dial that was asked whether it has something again */
  asked: number;
}

/** Splits calls over the campaigns of the pool: one after the other to the campaign that was told to dial least for its weight, within its own limits and
 *  the pool's. (Rounded shares would give the single call of a quiet second to the same campaign each time.) A campaign that has nothing to dial leaves
 *  its part to the others, and gets what they cannot take; now and then one of these is asked for a single call. */
export function shareOut(state: PacingState, { forAgents, wishes, caps }: Portions): Shares {
  const rooms = state.campaigns.map((_, index) => roomOf(state, index));
  const shares = state.campaigns.map(() => 0);
  const asked = toAsk(state, (index) => (rooms[index] ?? 0) > 0 && (caps[index] ?? 0) > 0);
  let left = Math.min(MOST_AT_ONCE, state.maxChannels === null ? Infinity : state.maxChannels - state.lines.reduce((sum, line) => sum + held(line), 0));
  let given = 0;
  /** @param most  calls for a campaign.  @param among  … as long as all campaigns that need agents have no more than this */
  const hand = (most: (index: number) => number, among: (index: number) => number): void => {
    while (left > 0) {
      const next = leastServed(state, shares, (index) => {
        const share = shares[index] ?? 0;
        return share < (rooms[index] ?? 0) && share < most(index) && (!needsAgent(state, index) || given < Math.min(forAgents, among(index)));
      });
      if (next < 0) return;
      shares[next] = (shares[next] ?? 0) + 1;
      left -= 1;
      if (needsAgent(state, next)) given += 1;
    }
  };
  const own = (index: number): number => wishes[index] ?? 0;
  // The single call by which a campaign is asked is placed among the others': the most careful one would never be asked among callers of bolder ones.
  hand((index) => (state.lines[index]?.emptySince === null ? Infinity : index === asked ? 1 : 0), (index) => (index === asked ? (caps[index] ?? 0) : own(index)));
  hand(() => Infinity, own);
  return { shares, given, full: left <= 0, asked: (shares[asked] ?? 0) > 0 ? asked : -1 };
}

/** The campaign whose turn it is to be asked: in the second in which one was asked, that one again. */
function toAsk({ lines, campaigns, clock, askedAt }: PacingState, hasRoom: (index: number) => boolean): number {
  const now = clock ?? 0;
  const silent = (index: number): number => now - Math.max(lines[index]?.emptySince ?? now, lines[index]?.told.at ?? -Infinity);
  const mayAsk = ({ weight, mode }: Campaign, index: number): boolean => weight > 0 && mode !== 'preview' && hasRoom(index) && lines[index]?.emptySince !== null && lines[index]?.orders.length === 0;
  const empty = campaigns.flatMap((campaign, index) => (mayAsk(campaign, index) ? [index] : []));
  if (askedAt === now) return empty.find((index) => lines[index]?.told.at === now) ?? -1;
  if (askedAt !== null && now - askedAt < ASK_EMPTY_SEC) return -1;
  return empty.filter((index) => silent(index) >= ASK_EMPTY_SEC).toSorted((a, b) => silent(b) - silent(a))[0] ?? -1;
}

function leastServed({ campaigns, lines }: PacingState, shares: readonly number[], mayHave: (index: number) => boolean): number {
  let best = -1;
  let least = Infinity;
  campaigns.forEach(({ weight }, index) => {
    if (weight === 0 || !mayHave(index)) return;
    const served = ((lines[index]?.recent ?? 0) + (shares[index] ?? 0)) / weight;
    if (served >= least) return;
    best = index;
    least = served;
  });
  return best;
}

/** More lines that a campaign may have. */
export function roomOf({ campaigns, lines }: PacingState, index: number): number {
  const maxChannels = campaigns[index]?.maxChannels ?? null;
  const line = lines[index];
  return maxChannels === null || !line ? Infinity : Math.max(0, maxChannels - held(line));
}
