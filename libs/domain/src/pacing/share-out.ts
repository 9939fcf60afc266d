import { held } from './lines.ts';
import type { PacingState } from './types.ts';

/** A campaign that gave back what it was told to dial is asked so often whether it has something to dial again. */
const ASK_EMPTY_SEC = 10;

/** The next decision is a second away: whatever limits allow, no PBX takes more until then. */
const MOST_AT_ONCE = 10_000;

/** Splits calls over the campaigns of the pool: one after the other to the campaign that was told to dial least for its weight, within its own limits and
 *  the pool's. (Rounded shares would give the single call of a quiet second to the same campaign each time.) A campaign that has nothing to dial leaves
 *  its part to the others, and gets a call now and then, or what they cannot take.
 *  @param n  calls for all campaigns that need agents; those that need none get what the limits allow
 *  @returns calls per campaign, and what limited them where a limit did */
export function shareOut(state: PacingState, n: number, now: number): { shares: number[]; limits: (string | undefined)[] } {
  const rooms = state.campaigns.map((_, index) => roomOf(state, index));
  const shares = state.campaigns.map(() => 0);
  let left = Math.min(MOST_AT_ONCE, state.maxChannels === null ? Infinity : state.maxChannels - state.lines.reduce((sum, line) => sum + held(line), 0));
  let forAgents = n;
  const hand = (may: (index: number, share: number) => boolean): void => {
    while (left > 0) {
      const next = leastServed(state, shares, (index) => {
        const share = shares[index] ?? 0;
        return share < (rooms[index] ?? 0) && (state.campaigns[index]?.mode === 'agentless' || forAgents > 0) && may(index, share);
      });
      if (next < 0) return;
      shares[next] = (shares[next] ?? 0) + 1;
      left -= 1;
      if (state.campaigns[next]?.mode !== 'agentless') forAgents -= 1;
    }
  };
  hand((index, share) => share < wants(state, index, now));
  hand(() => true);
  const limits = state.campaigns.map(({ mode, maxChannels }, index) => {
    const share = shares[index] ?? 0;
    if (share >= (rooms[index] ?? 0) && (mode === 'agentless' || share < n)) return `channel limit ${maxChannels} reached`;
    return left <= 0 && (mode === 'agentless' || forAgents > 0) ? `channel limit ${state.maxChannels} of the pool reached` : undefined;
  });
  return { shares, limits };
}

/** Calls that a campaign probably has contacts for. */
function wants({ lines }: PacingState, index: number, now: number): number {
  const since = lines[index]?.emptySince ?? null;
  if (since === null) return Infinity;
  return now - since >= ASK_EMPTY_SEC ? 1 : 0;
}

function leastServed({ campaigns, lines }: PacingState, shares: readonly number[], mayHave: (index: number) => boolean): number {
  let best = -1;
  let least = Infinity;
  campaigns.forEach(({ weight, mode }, index) => {
    if (weight === 0 || mode === 'preview' || !mayHave(index)) return;
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
