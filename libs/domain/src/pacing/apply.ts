import { advance, isTime } from './advance.ts';
import { agentIn, agentLeaving, agentOut, connect, talkEnd, wrapEnd } from './agent-events.ts';
import { abandon, callerGone, dial, inbound, order, orderVoid, ringEnd } from './call-events.ts';
import type { Id, PacingEvent, PacingEventType, PacingState } from './types.ts';

const EFFECTS: Readonly<Record<PacingEventType, (state: PacingState, event: PacingEvent) => PacingState>> = {
  dial,
  ringEnd,
  connect,
  callerGone,
  abandon,
  talkEnd,
  wrapEnd,
  agentIn,
  agentOut,
  agentLeaving,
  agentData: (state, { at }) => ({ ...state, agentDataAt: Math.max(at, state.agentDataAt ?? at) }),
  order,
  orderVoid,
  inbound,
};

/** What the pool knows after an event. Changes nothing that it is given; costs about a microsecond. Events of unknown calls and agents, repeated ones
 *  and ones without a time in seconds are passed over.
 *  @returns the next state, plain JSON */
export function apply(state: PacingState, event: PacingEvent): PacingState {
  if (!isTime(event.at) || !Object.hasOwn(EFFECTS, event.type) || !isId(event.callId) || !isId(event.agentId)) return state;
  return EFFECTS[event.type](advance(state, event.at), event);
}

const isId = (id: Id | undefined): boolean => id === undefined || typeof id === 'string' || Number.isFinite(id);
