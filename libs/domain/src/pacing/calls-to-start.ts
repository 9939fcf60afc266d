import { DiscadorError } from '@discador/contracts/discador-error';
import { advance, isTime } from './advance.ts';
import { allowedRisk, roomForBurst, roomForChance } from './budget.ts';
import { countAgents, type AgentCount } from './count-agents.ts';
import { held, needsAgent, onTheWay, ordered, tell } from './lines.ts';
import { predictCalls } from './predict.ts';
import { roomOf, shareOut, type Shares } from './share-out.ts';
import { footingOf, TRY_AGAIN_SEC, type Footing } from './trust.ts';
import type { Budget, Campaign, Decision, Lines, PacingState } from './types.ts';

/** What a campaign would have the whole pool dial, were it alone in it. */
interface Wish {
  /** more calls for the pool */
  n: number;
  why: string;
  /** fewer than the risk allows, as people may answer better again */
  heldBack?: boolean;
  /** calls that its lines per agent leave room for */
  cap?: number;
  /** calls that the risk allows, were there no other limit */
  daring?: number;
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
  /** the campaigns whose answers go to the agents: the most careful of them is followed */
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
  const clock = state.clock ?? 0;
  const footings = state.campaigns.map((_, index) => footingOf(state, index, now));
  const pool = poolOf(state, now);
  let together: Wish | undefined;
  const predict = (index: number): Wish => (pool.dialling.includes(index) ? (together ??= predicted(state, pool, now)) : predicted(state, { ...pool, dialling: [...pool.dialling, index] }, now));
  const wishes = footings.map((footing, index) => perAgent(wishOf(state, index, footing, pool, now, predict), state.campaigns[index] as Campaign, pool));
  const forAgents = pool.dialling.length > 0 ? Math.min(...pool.dialling.map((index) => wishes[index]?.n ?? 0)) : 0;
  const shared = shareOut(state, { forAgents, wishes: wishes.map(({ n }) => n), caps: wishes.map(({ cap }) => cap ?? 0) });
  const reasons = footings.map(({ mode }, index) => `${mode}: ${limitOf(state, index, shared, wishes[index] as Wish, forAgents) ?? wishes[index]?.why}`);
  return {
    n: shared.shares.reduce((sum, share) => sum + share, 0),
    byCampaign: Object.fromEntries(state.campaigns.map(({ id }, index) => [id, shared.shares[index] ?? 0])),
    state: {
      ...state,
      lines: state.lines.map((line, index) => ((shared.shares[index] ?? 0) > 0 ? tell(line, clock) : line)),
      heldBack: wishes.some(({ heldBack, daring = 0 }) => heldBack || daring > shared.given),
      askedAt: shared.asked < 0 ? state.askedAt : clock,
    },
    reason: [...new Set(reasons)].join('; '),
    ...(footings.some(({ mode }) => mode === 'stopped') && { alarm: true as const }),
  };
}

/** Why a campaign gets fewer calls than it would have the pool place. */
function limitOf(state: PacingState, index: number, { shares, full }: Shares, { n }: Wish, forAgents: number): string | undefined {
  const share = shares[index] ?? 0;
  if (share >= n) return undefined;
  if (share >= roomOf(state, index)) return `channel limit ${state.campaigns[index]?.maxChannels} reached`;
  if (full && state.maxChannels !== null) return `channel limit ${state.maxChannels} of the pool reached`;
  if (state.lines[index]?.emptySince !== null) return share > 0 ? 'asked whether there is something to dial again' : 'nothing to dial';
  return n > forAgents && needsAgent(state, index) ? 'no more than the most careful campaign of the pool' : undefined;
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

/** Campaigns with calls on their way to the agents, and those that would have some if told to dial. Where all have run out of contacts any may have some
 *  again. */
function diallingFor(state: PacingState): number[] {
  const mayDial = (index: number): boolean => (state.campaigns[index]?.weight ?? 0) > 0 && roomOf(state, index) > 0 && everHasLines(state.campaigns[index] as Campaign, state.agents.size);
  const indexes = state.campaigns.flatMap(({ mode }, index) => (needsAgent(state, index) && mode !== 'preview' ? [index] : []));
  const dialling = indexes.filter((index) => {
    const lines = state.lines[index] as Lines;
    return lines.ringing + lines.waiting > 0 || (lines.emptySince === null && (mayDial(index) || ordered(lines) > 0));
  });
  return dialling.length > 0 ? dialling : indexes.filter(mayDial);
}

/** Whether it would dial at all, were every agent idle. */
function everHasLines({ mode, linesPerAgent, impulseFactor, maxMultiplier }: Campaign, agents: number): boolean {
  const perAgent = Math.min(maxMultiplier, mode === 'power' ? linesPerAgent : mode === 'legacy' ? impulseFactor : 1);
  return Math.floor(perAgent * Math.max(1, agents)) > 0;
}

function wishOf(state: PacingState, index: number, { mode, because }: Footing, pool: Pool, now: number, predict: (index: number) => Wish): Wish {
  const campaign = state.campaigns[index] as Campaign;
  const { idle } = pool.agents;
  const lines = (wanted: number, what: string): Wish => ({ n: Math.max(0, wanted - pool.onTheWay), why: because ?? `${what}, ${pool.onTheWay} calls on their way` });
  if (mode === 'preview') return { n: 0, why: 'agents ask for their calls themselves' };
  if (mode === 'agentless') return { n: Number.MAX_SAFE_INTEGER, why: 'as many as the limits allow' };
  if (campaign.weight === 0 && !pool.dialling.includes(index)) return { n: 0, why: 'weight 0' };
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
      return predict(index);
  }
}

/** Never more than so many lines for each agent of the pool. */
function perAgent(wish: Wish, { mode, maxMultiplier }: Campaign, { present, held: lines }: Pool): Wish {
  const cap = mode === 'agentless' ? Infinity : Math.max(0, Math.floor(maxMultiplier * present) - lines);
  return wish.n <= cap ? { ...wish, cap } : { ...wish, cap, n: cap, why: `limit of ${maxMultiplier} lines per agent reached` };
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
  const graceSec = Math.min(...pool.dialling.map((index) => state.campaigns[index]?.graceSec ?? 0));
  const bounds = { allowed, graceSec, ofMood: strictest(roomForBurst), ofChance: strictest(roomForChance), most: Math.max(10, 3 * pool.present) };
  const { n, risk, freeing, answering, heldBackBy } = predictCalls(state, pool.agents, pool, bounds);
  const why = `${percent(risk)} risk of ${percent(allowed)} allowed with ${pool.agents.idle} idle agents, ${freeing.toFixed(1)} more soon, ${answering.toFixed(1)} answers to come`;
  return { n, daring: n, heldBack: heldBackBy === 'mood', why: heldBackBy ? `${why}; no more, as ${MAY[heldBackBy]}` : why };
}

const MAY = { mood: 'people may answer better again', chance: 'chance may have many answer at once' };

const percent = (share: number): string => `${(Math.max(0, share) * 100).toFixed(1)} %`;
