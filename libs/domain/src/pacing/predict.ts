import { freeWithin } from './agent-tables.ts';
import type { AgentCount } from './count-agents.ts';
import { fearedScales, luckyScales } from './moods.ts';
import { answersEventually, ringOutlook, secondsToAnswer, usuallyAnswered, type RingOutlook } from './ring-tables.ts';
import { shortfallOf, type Coins } from './shortfall.ts';
import type { PacingState } from './types.ts';

/** Beyond the time to the answer: a second or so passes until an order is dialled, and the rest was found by trial, with orders that are late
 *  (docs/pacing-trials.md); with orders that never are, 0.1 to 0.3 points of occupancy less than without. */
const UNTIL_DIALLED_SEC = 3;
/** Of the grace that who answered then waits for an agent. */
const OF_GRACE = 0.75;
/** A pool of so many agents looks ahead half as long as a large one: small pools were busier with less, presumably because the next answer is theirs,
 *  and comes sooner than that of a call dialled now. */
const SMALL_POOL = 1.75;

export interface Prediction {
  /** calls after which the next one's risk is above the allowed one */
  n: number;
  /** of the last call placed, or of the one not placed when n is 0 */
  risk: number;
  /** agents expected to come free in time, and answers expected of the calls on their way */
  freeing: number;
  answering: number;
  /** why fewer than the risk allows: people may answer better than it seems, or chance may have many answer at once */
  heldBackBy?: 'mood' | 'chance';
}

export interface Stock {
  /** callers who wait for an agent */
  waiting: number;
  /** calls that others were told to place and have not yet */
  ordered: number;
}

export interface Bounds {
  /** how long callers who answered wait for an agent, at least */
  graceSec: number;
  /** risk that the next call may run */
  allowed: number;
  /** callers who may be lost at once, should people now answer as well as they often did … */
  ofMood: number;
  /** … or should chance have many more of them answer than can be expected */
  ofChance: number;
  /** no more calls than this */
  most: number;
}

/** The base-stock rule: as many more calls as keep the chance that the next answer finds no agent within what is allowed. */
export function predictCalls(state: PacingState, agents: AgentCount, { waiting, ordered }: Stock, { graceSec, allowed, ofMood, ofChance, most }: Bounds): Prediction {
  const { ringTables } = state;
  const outlook = ringOutlook(ringTables);
  const idle = agents.idle - waiting;
  const freeing = freeWithin(state.agentTables, agents, secondsAhead(state, outlook, graceSec));
  const { next, answering } = answersOf(state, ordered, outlook);
  const lostWith = (scales: readonly number[]): { lost: number; next: number } => {
    const feared = answersOf(state, ordered, ringOutlook(ringTables, scales));
    return { lost: expected(feared.answering) - idle - expected(freeing), next: feared.next };
  };
  const mood = lostWith(fearedScales(ringTables.moods, usuallyAnswered(ringTables)));
  const chance = lostWith(luckyScales(ringTables.moods));
  const shortfall = shortfallOf({ idle, freeing, answering });
  let n = 0;
  let risk = shortfall.risk;
  for (; n < most && mood.lost <= ofMood && chance.lost <= ofChance && shortfall.risk <= allowed; n++) {
    risk = shortfall.risk;
    mood.lost += mood.next;
    chance.lost += chance.next;
    shortfall.addCall(next);
  }
  const heldBackBy = n === most || shortfall.risk > allowed ? undefined : mood.lost > ofMood ? 'mood' : 'chance';
  return { n, risk, freeing: expected(freeing), answering: expected(answering), heldBackBy };
}

/** How far ahead agents who come free count: until who is called now has answered, and for part of the grace after that. */
function secondsAhead({ agents: { size } }: PacingState, outlook: RingOutlook, graceSec: number): number {
  return (UNTIL_DIALLED_SEC + secondsToAnswer(outlook)) * (size / (size + SMALL_POOL)) + OF_GRACE * graceSec;
}

/** What is to come of a call dialled now, and of those on their way. */
function answersOf({ ringing }: PacingState, ordered: number, outlook: RingOutlook): { next: number; answering: Coins[] } {
  const next = answersEventually(outlook, 0);
  const answering: Coins[] = [[ordered, next]];
  ringing.forEach((calls, age) => void (calls > 0 && answering.push([calls, answersEventually(outlook, age)])));
  return { next, answering };
}

const expected = (coins: readonly Coins[]): number => coins.reduce((sum, [number, chance]) => sum + number * chance, 0);
