import { freeWithin } from './agent-tables.ts';
import type { AgentCount } from './count-agents.ts';
import { fearedScales } from './moods.ts';
import { answersEventually, ringOutlook, usuallyAnswered, type RingOutlook } from './ring-tables.ts';
import { shortfallOf, type Coins } from './shortfall.ts';
import type { PacingState } from './types.ts';

/** How far ahead agents who come free count: about as long as people take to answer, with the second that workers take to dial, and three quarters of the
 *  grace that they then wait. */
const AHEAD_SEC = 8.5;
const OF_GRACE = 0.75;

export interface Prediction {
  /** calls after which the next one's risk is above the allowed one */
  n: number;
  /** of the last call placed, or of the one not placed when n is 0 */
  risk: number;
  /** agents expected to come free in time, and answers expected of the calls on their way */
  freeing: number;
  answering: number;
  /** fewer than the risk allows, because people may answer better than it seems */
  heldBack: boolean;
}

export interface Stock {
  /** callers who wait for an agent */
  waiting: number;
  /** calls that others were told to place and have not yet */
  ordered: number;
}

export interface Bounds {
  /** risk that the next call may run */
  allowed: number;
  /** callers who may be lost at once, should people now answer as well as they often did */
  room: number;
  /** no more calls than this */
  most: number;
}

/** The base-stock rule: as many more calls as keep the chance that the next answer finds no agent within what is allowed. */
export function predictCalls(state: PacingState, agents: AgentCount, { waiting, ordered }: Stock, { allowed, room, most }: Bounds): Prediction {
  const graceSec = Math.min(...state.campaigns.map((campaign) => campaign.graceSec));
  const idle = agents.idle - waiting;
  const freeing = freeWithin(state.agentTables, agents, AHEAD_SEC + OF_GRACE * graceSec);
  const { next, answering } = answersOf(state, ordered, ringOutlook(state.ringTables));
  const feared = answersOf(state, ordered, ringOutlook(state.ringTables, fearedScales(state.ringTables.moods, usuallyAnswered(state.ringTables))));
  const shortfall = shortfallOf({ idle, freeing, answering });
  let lost = expected(feared.answering) - idle - expected(freeing);
  let n = 0;
  let risk = shortfall.risk;
  for (; n < most && lost <= room && shortfall.risk <= allowed; n++) {
    risk = shortfall.risk;
    lost += feared.next;
    shortfall.addCall(next);
  }
  return { n, risk, freeing: expected(freeing), answering: expected(answering), heldBack: n < most && lost > room && shortfall.risk <= allowed };
}

/** What is to come of a call dialled now, and of those on their way. */
function answersOf({ ringing }: PacingState, ordered: number, outlook: RingOutlook): { next: number; answering: Coins[] } {
  const next = answersEventually(outlook, 0);
  const answering: Coins[] = [[ordered, next]];
  ringing.forEach((calls, age) => void (calls > 0 && answering.push([calls, answersEventually(outlook, age)])));
  return { next, answering };
}

const expected = (coins: readonly Coins[]): number => coins.reduce((sum, [number, chance]) => sum + number * chance, 0);
