import type { AGENT_STATUSES, DeskEventData } from '@discador/contracts/events/desk-events';
import { agentStatus, engagements, wrapUpEndSec, type WrapUp } from './agent-status.ts';
import type { DeskEffect, Moment } from './desk-effect.ts';
import type { QueuesState } from './queues-state.ts';

/** What was last told of one agent in one queue. */
export interface Standing {
  queue: string;
  agent: string;
  loggedIn: boolean;
  paused: boolean;
  reason: string;
  status: (typeof AGENT_STATUSES)[number];
  /** occasion of its last change that was seen, and a stroke for each that a look has shown after it; '' when none was seen */
  since: string;
}

/** Of who is no member of the queue. */
export function noStanding(queue: string, agent: string): Standing {
  return { queue, agent, loggedIn: false, paused: false, reason: '', status: 'unavailable', since: '' };
}

/** By `standingKey`. */
export type Standings = ReadonlyMap<string, Standing>;

export const standingKey = (queue: string, agent: string): string => `${queue} ${agent}`;

/** How every agent stands now. */
export function allStandings(state: QueuesState, wrapUp: WrapUp): Standings {
  const talks = engagements(state.calls.values());
  const standings = new Map<string, Standing>();
  for (const [queue, { members }] of state.queues) {
    for (const agent of members.keys()) standings.set(standingKey(queue, agent), standingOf(state, queue, agent, talks, wrapUp));
  }
  return standings;
}

/** How one agent stands in one queue. Who is no member, or whose phone is not registered, is not logged in: as the live numbers count. */
export function standingOf(state: QueuesState, queue: string, agent: string, talks: ReadonlyMap<string, boolean>, wrapUp: WrapUp): Standing {
  const member = state.queues.get(queue)?.members.get(agent);
  if (!member) return noStanding(queue, agent);
  const status = agentStatus(member, talks.get(agent), wrapUp);
  const known = status === 'away' || status === 'unknown' ? 'unavailable' : status;
  return { queue, agent, loggedIn: status !== 'away', paused: member.paused, reason: member.pauseReason, status: known, since: '' };
}

/** What is to be told when an agent who stood like `before` stands like `after`. */
export function standingEffects(before: Standing, after: Standing, moment: Moment): DeskEffect[] {
  const { queue, agent } = after;
  const whom = { agent, queue };
  const effects: DeskEffect[] = [];
  const tell = <T extends DeskEffect['type']>(type: T, data: DeskEventData<T>): void => void effects.push({ type, data, attemptId: null, ...moment });
  if (after.loggedIn && !before.loggedIn) tell('agent.loggedin', whom);
  if (after.paused && !before.paused) tell('agent.paused', { ...whom, reason: after.reason });
  if (!after.paused && before.paused) tell('agent.unpaused', whom);
  if (after.status !== before.status) tell('agent.status', { ...whom, status: after.status, before: before.status });
  if (!after.loggedIn && before.loggedIn) tell('agent.loggedout', whom);
  return effects;
}

/** The end of an agent's wrap-up, which no event of the PBX tells: a whole second of its clock.
 *  @returns null when `standing` is not in wrap-up, or has not reached its end */
export function wrapUpEnded(standing: Standing, state: QueuesState, talks: ReadonlyMap<string, boolean>, wrapUp: WrapUp): { after: Standing; moment: Moment } | null {
  const { queue, agent, status } = standing;
  const member = state.queues.get(queue)?.members.get(agent);
  if (status !== 'wrap_up' || !member) return null;
  const after = standingOf(state, queue, agent, talks, wrapUp);
  if (after.status === 'wrap_up') return null;
  const endSec = wrapUpEndSec(member, wrapUp);
  return { after, moment: { atMs: endSec * 1_000, occasion: String(endSec), inferred: false } };
}
