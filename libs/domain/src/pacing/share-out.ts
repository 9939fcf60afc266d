import type { Wish } from './calls-to-start.ts';
import { held } from './lines.ts';
import type { Footing } from './trust.ts';
import type { Campaign, Lines, PacingState } from './types.ts';

/** Splits the calls over the campaigns of the pool: one after the other to the campaign that has dialled least for its weight, as long as all calls
 *  together are not more than its mode would have the whole pool place, and within its own limits. (Rounded shares would give the single call of a
 *  quiet second to the same campaign each time.)
 *  @returns calls per campaign, and what limited them where a limit did */
export function shareOut(state: PacingState, wishes: readonly Wish[], footings: readonly Footing[]): { shares: number[]; limits: (string | undefined)[] } {
  const rooms = state.campaigns.map((_, index) => roomOf(state, index));
  const shares = state.campaigns.map(() => 0);
  let left = state.maxChannels === null ? Infinity : state.maxChannels - state.lines.reduce((sum, line) => sum + held(line), 0);
  let given = 0;
  const needsAgents = (index: number): boolean => footings[index]?.mode !== 'agentless';
  const mayHave = (index: number): boolean => needsAgents(index) && given < (wishes[index]?.n ?? 0) && (shares[index] ?? 0) < (rooms[index] ?? 0) && (state.campaigns[index]?.weight ?? 0) > 0;
  while (left > 0) {
    const next = leastServed(state, shares, mayHave);
    if (next < 0) break;
    shares[next] = (shares[next] ?? 0) + 1;
    given += 1;
    left -= 1;
  }
  state.campaigns.forEach((_, index) => {
    if (needsAgents(index)) return;
    shares[index] = Math.max(0, Math.min(rooms[index] ?? 0, left));
    left -= shares[index] ?? 0;
  });
  const limits = state.campaigns.map((_, index) => {
    const full = (shares[index] ?? 0) >= (rooms[index] ?? 0) && (wishes[index]?.n ?? 0) > (shares[index] ?? 0);
    return full ? `channel limit ${state.campaigns[index]?.maxChannels} reached` : left <= 0 ? `channel limit ${state.maxChannels} of the pool reached` : undefined;
  });
  return { shares, limits };
}

function leastServed({ campaigns, lines }: PacingState, shares: readonly number[], mayHave: (index: number) => boolean): number {
  let best = -1;
  let least = Infinity;
  campaigns.forEach(({ weight }, index) => {
    if (!mayHave(index)) return;
    const { recent, ordered } = lines[index] as Lines;
    const served = (recent + ordered + (shares[index] ?? 0)) / weight;
    if (served >= least) return;
    best = index;
    least = served;
  });
  return best;
}

/** More lines that a campaign may have. */
function roomOf({ campaigns, lines }: PacingState, index: number): number {
  const { maxChannels } = campaigns[index] as Campaign;
  return maxChannels === null ? Infinity : Math.max(0, maxChannels - held(lines[index] as Lines));
}
