import { DiscadorError } from '@discador/contracts/discador-error';
import { advance, isTime } from './advance.ts';
import { allowedRisk, roomForBurst, roomForChance } from './budget.ts';
import { needsAgent } from './call-events.ts';
import { countAgents, type AgentCount } from './count-agents.ts';
import { held, onTheWay, ordered, tell } from './lines.ts';
import { predictCalls } from './predict.ts';
import { roomOf, shareOut } from './share-out.ts';
import { footingOf, TRY_AGAIN_SEC, type Footing } from './trust.ts';
import type { Budget, Campaign, Decision, Lines, PacingState } from './types.ts';

/** What a campaign would have the whole pool dial, were it alone in it. */
interface Wish {
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
  /** the campaigns that dial for these agents, or could now: the most careful of them is followed */
  dialling: readonly number[];
}

/** How many calls to start now, for each campaign of the pool. Meant to be asked each second; asked twice, without the calls having been told of by
 *  `order` or `dial`, it says the same twice. Whoever has nothing to dial for a campaign says so by `orderVoid`, or does nothing for five seconds: the
 *  others get its part, and its limits no longer hold for them.
 *
 *  The most careful campaign is followed by all: which of them gets an agent is settled by whose caller answers first, so that none can dial one call for
 *  each idle agent, or keep within a limit, where another dials more.
 *  @param now  seconds, as in the events
 *  @returns `n` ≥ 0 whole calls, the same by campaign, the state at `now`, and the reason
 *  @throws DiscadorError `invalid_input` when `now` is no time */
export function callsToStart(before: PacingState, now: number): Decision {
  if (!isTime(now)) throw new DiscadorError('invalid_input', 'now must be a time in seconds', { details: { field: 'now' } });
  const state = advance(before, now);
  const footings = state.campaigns.map((_, index) => footingOf(state, index, now));
  const pool = poolOf(state, now);
  const wishes = footings.map((footing, index) => perAgent(wishOf(state, index, footing, pool, now), state.campaigns[index] as Campaign, pool));
  const most = pool.dialling.length > 0 ? Math.min(...pool.dialling.map((index) => wishes[index]?.n ?? 0)) : 0;
  const { shares, limits } = shareOut(state, most, now);
  const reasons = footings.map(({ mode }, index) => `${mode}: ${limits[index] ?? (pool.dialling.includes(index) && (wishes[index]?.n ?? 0) > most ? 'no more than the most careful campaign of the pool' : wishes[index]?.why)}`);
  return {
    n: shares.reduce((sum, share) => sum + share, 0),
    byCampaign: Object.fromEntries(state.campaigns.map(({ id }, index) => [id, shares[index] ?? 0])),
    state: { ...state, lines: state.lines.map((line, index) => tell(line, shares[index] ?? 0, state.clock ?? 0)), heldBack: wishes.some(({ heldBack }) => heldBack) },
    reason: [...new Set(reasons)].join('; '),
    ...(footings.some(({ mode }) => mode === 'stopped') && { alarm: true as const }),
  };
}

function poolOf(state: PacingState, now: number): Pool {
  const pool = { agents: countAgents(state.agents, now, { staying: true }), present: state.agents.size, onTheWay: 0, waiting: 0, ordered: 0, held: 0, dialling: diallingFor(state) };
  state.lines.forEach((lines, index) => {
    if (!needsAgent(state, index)) return;
    pool.onTheWay += onTheWay(lines);
    pool.waiting += lines.waiting;
    pool.ordered += ordered(lines);
    pool.held += held(lines);
  });
  return pool;
}

/** Campaigns whose answers go to the agents: those with calls on their way, and those that would dial if told to. Where all have run out of contacts any may
 *  have some again. */
function diallingFor(state: PacingState): number[] {
  const indexes = state.campaigns.flatMap(({ mode }, index) => (needsAgent(state, index) && mode !== 'preview' ? [index] : []));
  const may = indexes.filter((index) => (state.campaigns[index]?.weight ?? 0) > 0 && roomOf(state, index) > 0);
  const dial = indexes.filter((index) => {
    const { ringing, waiting, emptySince } = state.lines[index] as Lines;
    return ringing + waiting > 0 || (may.includes(index) && emptySince === null);
  });
  return dial.length > 0 ? dial : may;
}

function wishOf(state: PacingState, index: number, { mode, because }: Footing, pool: Pool, now: number): Wish {
  const campaign = state.campaigns[index] as Campaign;
  const { idle } = pool.agents;
  const lines = (wanted: number, what: string): Wish => ({ n: Math.max(0, wanted - pool.onTheWay), why: because ?? `${what}, ${pool.onTheWay} calls on their way` });
  if (mode === 'preview') return { n: 0, why: 'agents ask for their calls themselves' };
  if (mode === 'agentless') return { n: 0, why: 'as many as the limits allow' };
  if (!pool.dialling.includes(index)) return { n: 0, why: campaign.weight > 0 ? 'nothing to dial' : 'weight 0' };
  switch (mode) {
    case 'none':
      return { n: 0, why: because ?? '' };
    case 'stopped':
      return { n: mayTry(state, pool, now) ? 1 : 0, why: because ?? '' };
    case 'progressive':
      return lines(idle, `${idle} idle agents`);
    case 'power':
      return lines(Math.floor(idle * campaign.linesPerAgent), `${campaign.linesPerAgent} lines for each of ${idle} idle agents`);
    case 'legacy':
      return lines(Math.floor(idle * campaign.impulseFactor), `${campaign.impulseFactor} lines for each of ${idle} idle agents`);
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
  const predictive = pool.dialling.filter((index) => state.campaigns[index]?.mode === 'predictive');
  const strictest = (of: typeof allowedRisk): number => Math.min(...predictive.map((index) => of(state.budgets[index] as Budget, state.campaigns[index] as Campaign, pool.present, now)));
  const allowed = strictest(allowedRisk);
  const bounds = { allowed, ofMood: strictest(roomForBurst), ofChance: strictest(roomForChance), most: Math.max(10, 3 * pool.present) };
  const { n, risk, freeing, answering, heldBackBy } = predictCalls(state, pool.agents, pool, bounds);
  const why = `${percent(risk)} risk of ${percent(allowed)} allowed with ${pool.agents.idle} idle agents, ${freeing.toFixed(1)} more soon, ${answering.toFixed(1)} answers to come`;
  return { n, heldBack: heldBackBy === 'mood', why: heldBackBy ? `${why}; no more, as ${MAY[heldBackBy]}` : why };
}

const MAY = { mood: 'people may answer better again', chance: 'chance may have many answer at once' };

const percent = (share: number): string => `${(Math.max(0, share) * 100).toFixed(1)} %`;
