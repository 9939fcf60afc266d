import { freeWithin } from './agent-tables.ts';
import type { AgentCount } from './count-agents.ts';
import { answersEventually, ringOutlook } from './ring-tables.ts';
import { shortfallOf, type Coins } from './shortfall.ts';
import type { PacingState } from './types.ts';

/** How far ahead agents who come free count: about as long as people take to answer, and three quarters of the grace that they then wait. */
const AHEAD_SEC = 7;
const OF_GRACE = 0.75;

export interface Prediction {
  /** calls after which the next one's risk is above the allowed one */
  n: number;
  /** of the last call placed, or of the one not placed when n is 0 */
  risk: number;
  /** agents expected to come free in time, and answers expected of the calls on their way */
  freeing: number;
  answering: number;
}

/** The base-stock rule: as many more calls as keep the chance that the next answer finds no agent within what is allowed.
 *  @param waiting  callers who wait for an agent  @param ordered  calls that others were told to place and have not yet
 *  @param most  no more than this */
export function predictCalls(state: PacingState, agents: AgentCount, { waiting, ordered, allowed, most }: { waiting: number; ordered: number; allowed: number; most: number }): Prediction {
  const graceSec = Math.min(...state.campaigns.map((campaign) => campaign.graceSec));
  const outlook = ringOutlook(state.ringTables);
  const freeing = freeWithin(state.agentTables, agents, AHEAD_SEC + OF_GRACE * graceSec);
  const next = answersEventually(outlook, 0);
  const answering: Coins[] = [[ordered, next]];
  state.ringing.forEach((calls, age) => void (calls > 0 && answering.push([calls, answersEventually(outlook, age)])));
  const shortfall = shortfallOf({ idle: agents.idle - waiting, freeing, answering });
  let n = 0;
  let risk = shortfall.risk;
  while (n < most && shortfall.risk <= allowed) {
    risk = shortfall.risk;
    n += 1;
    shortfall.addCall(next);
  }
  return { n, risk, freeing: expected(freeing), answering: expected(answering) };
}

const expected = (coins: readonly Coins[]): number => coins.reduce((sum, [number, chance]) => sum + number * chance, 0);
