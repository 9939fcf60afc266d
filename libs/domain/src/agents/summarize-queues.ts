import type { QueueLive } from '@discador/contracts/live';
import { DEVICE, type Queue, type QueueMember, type QueuesState } from './queues-state.ts';

export type QueueNumbers = Omit<QueueLive, 'pbx' | 'at'>;

export interface WrapUp {
  /** epoch milliseconds of the PBX's clock */
  nowMs: number;
  /** seconds, for members whose wrap-up is their queue's: AMI does not tell it */
  queueWrapUpSec: number;
}

type AgentState = 'away' | 'unknown' | keyof Omit<QueueLive['agents'], 'loggedIn'>;

const IN_USE: ReadonlySet<number> = new Set([DEVICE.inUse, DEVICE.busy, DEVICE.ringing, DEVICE.ringInUse, DEVICE.onHold]);
const AWAY: ReadonlySet<number> = new Set([DEVICE.invalid, DEVICE.unavailable]);

/** The numbers of each queue. An agent is in one state only, the first that fits: busy, paused, in wrap-up, idle; one whose phone
 *  is not registered is not logged in. An agent of several queues counts in each. */
export function summarizeQueues(state: QueuesState, wrapUp: WrapUp): QueueNumbers[] {
  const calls = [...state.calls.values()];
  const engaged = new Set(calls.map((call) => call.agent));
  const connected = new Map([...Map.groupBy(calls.filter((call) => call.campaign && call.talking), (call) => call.queue)]
    .map(([queue, ofQueue]) => [queue, ofQueue.length]));
  return [...state.queues].map(([queue, { members, callers }]) => ({
    queue,
    agents: countAgents(members, engaged, wrapUp),
    waiting: callers.size,
    connected: connected.get(queue) ?? 0,
  }));
}

function countAgents(members: Queue['members'], engaged: ReadonlySet<string>, wrapUp: WrapUp): QueueLive['agents'] {
  const counts = { loggedIn: 0, idle: 0, busy: 0, paused: 0, wrapUp: 0 };
  for (const [agent, member] of members) {
    const state = agentState(member, engaged.has(agent), wrapUp);
    if (state === 'away') continue;
    counts.loggedIn += 1;
    if (state !== 'unknown') counts[state] += 1;
  }
  return counts;
}

function agentState(member: QueueMember, engaged: boolean, wrapUp: WrapUp): AgentState {
  if (engaged || IN_USE.has(member.status)) return 'busy';
  if (AWAY.has(member.status)) return 'away';
  if (member.paused) return 'paused';
  const wrapUpSec = member.wrapUpSec || wrapUp.queueWrapUpSec;
  // Whole seconds, as Asterisk itself compares them.
  if (wrapUpSec > 0 && Math.floor(wrapUp.nowMs / 1000) - member.lastCallSec < wrapUpSec) return 'wrapUp';
  return member.status === DEVICE.notInUse ? 'idle' : 'unknown';
}
