import { learnTalkEnd, learnWrapEnd } from './agent-tables.ts';
import { drop, each, find, put } from './book.ts';
import { answeredCall, callerGone, endTalk } from './call-events.ts';
import { shift } from './lines.ts';
import type { Agent, Id, PacingEvent, PacingState } from './types.ts';

/** What events do to agents. An agent whose next step is told before the one in between has taken that one too; only what was seen is learned from. */

export function agentIn(state: PacingState, { at, agentId }: PacingEvent): PacingState {
  if (agentId === undefined) return state;
  const known = find(state.agents, agentId);
  if (known) return known.leaving ? withAgent(state, { ...known, leaving: false }) : state;
  return withAgent(state, { id: agentId, status: 'idle', since: at, leaving: false, callId: null });
}

export function agentOut(state: PacingState, { agentId }: PacingEvent): PacingState {
  const agent = find(state.agents, agentId);
  if (!agent) return state;
  return { ...endTalk(state, agent.callId), agents: drop(state.agents, agent.id) };
}

/** Logs out after this call: at once when there is none. */
export function agentLeaving(state: PacingState, event: PacingEvent): PacingState {
  const agent = find(state.agents, event.agentId);
  if (!agent) return state;
  return agent.status === 'idle' ? agentOut(state, event) : withAgent(state, { ...agent, leaving: true });
}

export function connect(before: PacingState, event: PacingEvent): PacingState {
  const { state: heard, call } = answeredCall(before, event);
  const agent = find(heard.agents, event.agentId);
  if (agent?.status === 'talking' && agent.callId === event.callId) return heard;
  // Told again, or late: the agent has done something else since.
  if (agent && !call && event.at < agent.since) return heard;
  let state = agent ? endTalk(heard, agent.callId) : heard;
  if (call) {
    state = {
      ...state,
      calls: put(state.calls, { ...call, phase: 'talking', since: event.at }),
      lines: shift(state.lines, call.campaign, { waiting: -1, talking: 1 }),
    };
  }
  return agent ? withAgent(state, { ...agent, status: 'talking', since: event.at, callId: event.callId ?? null }) : state;
}

export function talkEnd(state: PacingState, event: PacingEvent): PacingState {
  const { at, agentId, callId } = event;
  const agent = agentOf(state, agentId, callId);
  if (!agent) return endTalk(callerGone(state, event), callId ?? null);
  if (agent.status !== 'talking' || isOther(agent, callId)) return agentOf(state, undefined, callId) ? state : endTalk(state, callId ?? null);
  const ended = endTalk(state, agent.callId);
  return {
    ...withAgent(ended, { ...agent, status: 'wrapping', since: at }),
    agentTables: learnTalkEnd(ended.agentTables, at - agent.since),
  };
}

export function wrapEnd(state: PacingState, { at, agentId, callId }: PacingEvent): PacingState {
  const agent = agentOf(state, agentId, callId);
  if (!agent || agent.status === 'idle' || isOther(agent, callId) || (agent.status === 'talking' && at < agent.since)) return state;
  const agentTables = agent.status === 'wrapping' ? learnWrapEnd(state.agentTables, at - agent.since) : state.agentTables;
  const over = { ...endTalk(state, agent.callId), agentTables };
  if (agent.leaving) return { ...over, agents: drop(over.agents, agent.id) };
  return withAgent(over, { ...agent, status: 'idle', since: at, callId: null });
}

/** Whether the event names another call than the agent's: it is late, or told again. */
const isOther = (agent: Agent, callId: Id | undefined): boolean => callId !== undefined && agent.callId !== null && agent.callId !== callId;

/** The agent that is named, or else the one who has the call. */
function agentOf(state: PacingState, agentId: Id | undefined, callId: Id | undefined): Agent | undefined {
  if (agentId !== undefined) return find(state.agents, agentId);
  let found: Agent | undefined;
  each(state.agents, (agent) => void (agent.callId === callId && (found = agent)));
  return found;
}

const withAgent = (state: PacingState, agent: Agent): PacingState => ({ ...state, agents: put(state.agents, agent) });
