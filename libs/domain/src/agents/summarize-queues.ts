import type { QueueLive } from '@discador/contracts/live';
import { agentStatus, engagements, type WrapUp } from './agent-status.ts';
import type { Queue, QueuesState } from './queues-state.ts';

export type QueueNumbers = Omit<QueueLive, 'pbx' | 'at'>;

/** The numbers of each queue. An agent is in one state only, the first that fits: busy, paused, in wrap-up, idle; one whose phone
 *  is not registered is not logged in. An agent of several queues counts in each. */
export function summarizeQueues(state: QueuesState, wrapUp: WrapUp): QueueNumbers[] {
  const calls = [...state.calls.values()];
  const talks = engagements(calls);
  const connected = new Map([...Map.groupBy(calls.filter((call) => call.attemptId !== null && call.talking), (call) => call.queue)]
    .map(([queue, ofQueue]) => [queue, ofQueue.length]));
  return [...state.queues].map(([queue, { members, callers }]) => ({
    queue,
    agents: countAgents(members, talks, wrapUp),
    waiting: callers.size,
    connected: connected.get(queue) ?? 0,
  }));
}

function countAgents(members: Queue['members'], talks: ReadonlyMap<string, boolean>, wrapUp: WrapUp): QueueLive['agents'] {
  const counts = { loggedIn: 0, idle: 0, busy: 0, paused: 0, wrapUp: 0 };
  for (const [agent, member] of members) {
    const status = agentStatus(member, talks.get(agent), wrapUp);
    if (status === 'away') continue;
    counts.loggedIn += 1;
    if (status === 'ringing') counts.busy += 1;
    else if (status === 'wrap_up') counts.wrapUp += 1;
    else if (status !== 'unknown') counts[status] += 1;
  }
  return counts;
}
