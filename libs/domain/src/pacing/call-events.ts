import { drop, find, put } from './book.ts';
import { payIn, takeOut } from './budget.ts';
import { addOrder, addRinging, campaignOf, needsAgent, shift, voidOrder } from './lines.ts';
import { learnRingEnd, seeDialled } from './ring-tables.ts';
import type { Budget, Call, Campaign, Id, PacingEvent, PacingState } from './types.ts';

/** No answer while more than this many were expected, and for so long: either nobody hears the answers, or the trunk is dead. (Where three answer each
 *  second ten expected ones are missed by chance several times a day.) */
const LONGEST_SILENCE = { answers: 10, sec: 10 };
const LEAST_ANSWER_RATE = 0.05;

/** What events do to calls. An event that does not fit what is known of its call, a repeat or one out of order, changes nothing. */

export function dial(state: PacingState, { at, callId, campaignId }: PacingEvent): PacingState {
  if (callId === undefined || find(state.calls, callId)) return state;
  const campaign = campaignOf(state, campaignId);
  const call: Call = { id: callId, campaign, phase: 'ringing', since: at, second: state.clock ?? 0 };
  const dialled = { ...state, calls: put(state.calls, call), lines: addRinging(state.lines, campaign, turnsOf(state, campaign)) };
  if (!needsAgent(state, campaign)) return dialled;
  return { ...dialled, ringing: state.ringing.with(0, (state.ringing[0] ?? 0) + 1), ringTables: seeDialled(state.ringTables) };
}

/** As many turns, for its weight, as the campaign that had the fewest of those that dial: who dials again makes up for nothing. */
function turnsOf({ campaigns, lines }: PacingState, campaign: number): number {
  const others = campaigns.flatMap(({ weight }, index) => (index !== campaign && weight > 0 && lines[index]?.emptySince === null ? [lines[index].recent / weight] : []));
  return others.length > 0 ? Math.min(...others) * (campaigns[campaign]?.weight ?? 0) : 0;
}

export function ringEnd(state: PacingState, { at, callId, answered = false }: PacingEvent): PacingState {
  const call = callOf(state, callId, 'ringing');
  if (!call) return state;
  const rung = {
    ...state,
    calls: answered ? put(state.calls, { ...call, phase: 'waiting', since: at } as const) : drop(state.calls, call.id),
    lines: shift(state.lines, call.campaign, { ringing: -1, waiting: answered ? 1 : 0 }),
    budgets: answered ? changeBudget(state, call, at, payIn) : state.budgets,
  };
  return needsAgent(state, call.campaign) ? learnEnd(rung, call, answered) : rung;
}

/** What a call that an agent was to talk tells about the ringing, and about whether answers are heard. */
function learnEnd(state: PacingState, { second }: Call, answered: boolean): PacingState {
  const age = Math.min(state.ringing.length - 1, (state.clock ?? second) - second);
  return {
    ...state,
    ringing: state.ringing.with(age, (state.ringing[age] ?? 1) - 1),
    ringTables: learnRingEnd(state.ringTables, age, answered),
    ...(answered ? { heardAt: state.clock, silence: 0, stoppedAt: null } : unheard(state)),
  };
}

/** As long as no answer was ever heard nothing is known of how many there should be; a list of which not one in twenty answers is taken for deafness. */
function unheard(state: PacingState): Pick<PacingState, 'silence' | 'stoppedAt'> {
  return growSilence(state, state.heardAt === null ? LEAST_ANSWER_RATE : 0);
}

/** So many more answers were expected and none came. */
export function growSilence({ silence, stoppedAt, heardAt, clock }: PacingState, expected: number): Pick<PacingState, 'silence' | 'stoppedAt'> {
  const grown = silence + expected;
  const isLong = heardAt === null || (clock ?? heardAt) - heardAt >= LONGEST_SILENCE.sec;
  return { silence: grown, stoppedAt: stoppedAt ?? (grown > LONGEST_SILENCE.answers && isLong ? clock : null) };
}

export function abandon(state: PacingState, event: PacingEvent): PacingState {
  return stopWaiting(state, event, takeOut);
}

/** Who hangs up within the grace is no abandonment. */
export function callerGone(state: PacingState, event: PacingEvent): PacingState {
  return stopWaiting(state, event);
}

export function inbound(state: PacingState, { at, callId }: PacingEvent): PacingState {
  if (callId === undefined || find(state.calls, callId)) return state;
  const call: Call = { id: callId, campaign: -1, phase: 'waiting', since: at, second: state.clock ?? 0 };
  return { ...state, calls: put(state.calls, call), lines: shift(state.lines, -1, { waiting: 1 }) };
}

export const order = (state: PacingState, event: PacingEvent): PacingState => changeOrders(state, event, addOrder);
export const orderVoid = (state: PacingState, event: PacingEvent): PacingState => changeOrders(state, event, voidOrder);

function changeOrders(state: PacingState, { campaignId, n = 1 }: PacingEvent, change: typeof addOrder | typeof voidOrder): PacingState {
  if (!(Number.isSafeInteger(n) && n > 0)) return state;
  return { ...state, lines: change(state.lines, campaignOf(state, campaignId), n, state.clock ?? 0) };
}

/** The call, answered if nobody has told so yet: an event that needs an answer says that there was one. */
export function answeredCall(state: PacingState, { at, callId }: PacingEvent): { state: PacingState; call: Call | undefined } {
  const heard = ringEnd(state, { type: 'ringEnd', at, callId, answered: true });
  return { state: heard, call: callOf(heard, callId, 'waiting') };
}

/** A call that an agent talked is over. */
export function endTalk(state: PacingState, callId: Id | null): PacingState {
  const call = callOf(state, callId ?? undefined, 'talking');
  if (!call) return state;
  return { ...state, calls: drop(state.calls, call.id), lines: shift(state.lines, call.campaign, { talking: -1 }) };
}

function stopWaiting(before: PacingState, event: PacingEvent, change?: typeof payIn): PacingState {
  const { state, call } = answeredCall(before, event);
  if (!call) return state;
  return {
    ...state,
    calls: drop(state.calls, call.id),
    lines: shift(state.lines, call.campaign, { waiting: -1 }),
    budgets: change ? changeBudget(state, call, event.at, change) : state.budgets,
  };
}

function callOf(state: PacingState, callId: Id | undefined, phase: Call['phase']): Call | undefined {
  const call = find(state.calls, callId);
  return call?.phase === phase ? call : undefined;
}

function changeBudget(state: PacingState, { campaign }: Call, at: number, change: typeof payIn): readonly Budget[] {
  const budget = state.budgets[campaign];
  if (!budget) return state.budgets;
  return state.budgets.with(campaign, change(budget, state.campaigns[campaign] as Campaign, state.agents.size, at, state.heldBack));
}
