import { advance } from './advance.ts';
import { allowedRisk, roomForBurst, roomForChance } from './budget.ts';
import { countAgents, type AgentCount } from './count-agents.ts';
import { held } from './lines.ts';
import { predictCalls } from './predict.ts';
import { shareOut } from './share-out.ts';
import { footingOf, TRY_AGAIN_SEC, type Footing } from './trust.ts';
import type { Budget, Campaign, Decision, PacingState } from './types.ts';

/** What a campaign would have the whole pool dial, were it alone in it. */
export interface Wish {
  /** more calls for the pool */
  n: number;
  why: string;
  /** fewer than the risk allows, as people may answer better again */
  heldBack?: boolean;
}

/** The pool as the modes see it. */
interface Pool {
  agents: AgentCount;
  /** calls that will need an agent: ringing, waiting or ordered */
  onTheWay: number;
  waiting: number;
  ordered: number;
  present: number;
  /** lines of all campaigns that need agents, ordered ones too */
  held: number;
}

/** How many calls to start now, for each campaign of the pool. Meant to be asked each second; asked twice, without the calls having been told of by
 *  `order` or `dial`, it says the same twice.
 *  @param now  seconds, as in the events
 *  @returns `n` ≥ 0 whole calls, the same by campaign, the state at `now`, and the reason */
export function callsToStart(before: PacingState, now: number): Decision {
  const state = advance(before, now);
  const footings = state.campaigns.map((_, index) => footingOf(state, index, now));
  const pool = poolOf(state, now);
  const wishes = footings.map((footing, index) => perAgent(wishOf(state, index, footing, pool, now), state.campaigns[index] as Campaign, pool));
  const { shares, limits } = shareOut(state, wishes, footings);
  const reasons = footings.map((footing, index) => `${footing.mode}: ${limits[index] ?? wishes[index]?.why ?? ''}`);
  return {
    n: shares.reduce((sum, share) => sum + share, 0),
    byCampaign: Object.fromEntries(state.campaigns.map(({ id }, index) => [id, shares[index] ?? 0])),
    state: { ...state, heldBack: wishes.some(({ heldBack }) => heldBack) },
    reason: [...new Set(reasons)].join('; '),
    ...(footings.some(({ mode }) => mode === 'stopped') && { alarm: true as const }),
  };
}

function poolOf(state: PacingState, now: number): Pool {
  const pool = { agents: countAgents(state.agents, now, { staying: true }), present: state.agents.size, onTheWay: 0, waiting: 0, ordered: 0, held: 0 };
  state.lines.forEach((lines, index) => {
    if (state.campaigns[index]?.mode === 'agentless') return;
    pool.onTheWay += lines.ringing + lines.waiting + lines.ordered;
    pool.waiting += lines.waiting;
    pool.ordered += lines.ordered;
    pool.held += held(lines);
  });
  return pool;
}

function wishOf(state: PacingState, index: number, { mode, because }: Footing, pool: Pool, now: number): Wish {
  const campaign = state.campaigns[index] as Campaign;
  const { idle } = pool.agents;
  const lines = (wanted: number, what: string): Wish => ({ n: Math.max(0, wanted - pool.onTheWay), why: because ?? `${what}, ${pool.onTheWay} calls on their way` });
  switch (mode) {
    case 'none':
      return { n: 0, why: because ?? '' };
    case 'stopped':
      return { n: mayTry(state, pool, now) ? 1 : 0, why: because ?? '' };
    case 'preview':
      return { n: 0, why: 'agents ask for their calls themselves' };
    case 'agentless':
      return { n: Number.MAX_SAFE_INTEGER, why: 'as many as the limits allow' };
    case 'progressive':
      return lines(idle, `${idle} idle agents`);
    case 'power':
      return lines(Math.floor(idle * campaign.linesPerAgent), `${campaign.linesPerAgent} lines for each of ${idle} idle agents`);
    case 'legacy':
      return lines(Math.min(Math.floor(idle * campaign.impulseFactor), campaign.maxChannels ?? Infinity), `${campaign.impulseFactor} lines for each of ${idle} idle agents`);
    case 'predictive':
      return predicted(state, pool, now);
  }
}

/** Never more than so many lines for each agent of the pool. */
function perAgent(wish: Wish, { mode, maxMultiplier }: Campaign, { present, held: lines }: Pool): Wish {
  const room = Math.max(0, Math.floor(maxMultiplier * present) - lines);
  return mode === 'agentless' || wish.n <= room ? wish : { ...wish, n: room, why: `limit of ${maxMultiplier} lines per agent reached` };
}

/** One call at a time, a minute after the dialling stopped, finds out whether answers are heard again. */
function mayTry({ stoppedAt }: PacingState, { agents, onTheWay }: Pool, now: number): boolean {
  return agents.idle > 0 && onTheWay === 0 && now - (stoppedAt ?? now) >= TRY_AGAIN_SEC;
}

/** The allowed risk is the strictest campaign's, because an answer of any of them may take the agent from any other. */
function predicted(state: PacingState, pool: Pool, now: number): Wish {
  const strictest = (of: typeof allowedRisk): number => Math.min(...state.campaigns.map((campaign, index) => (isPredictive(campaign) ? of(state.budgets[index] as Budget, campaign, pool.present, now) : Infinity)));
  const allowed = strictest(allowedRisk);
  const bounds = { allowed, ofMood: strictest(roomForBurst), ofChance: strictest(roomForChance), most: Math.max(10, 3 * pool.present) };
  const { n, risk, freeing, answering, heldBackBy } = predictCalls(state, pool.agents, pool, bounds);
  const why = `${percent(risk)} risk of ${percent(allowed)} allowed with ${pool.agents.idle} idle agents, ${freeing.toFixed(1)} more soon, ${answering.toFixed(1)} answers to come`;
  return { n, heldBack: heldBackBy === 'mood', why: heldBackBy ? `${why}; no more, as ${MAY[heldBackBy]}` : why };
}

const MAY = { mood: 'people may answer better again', chance: 'chance may have many answer at once' };

const isPredictive = ({ mode, weight }: Campaign): boolean => mode === 'predictive' && weight > 0;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
