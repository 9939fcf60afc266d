import { DEVICE, type AgentCall, type QueueMember } from './queues-state.ts';

export interface WrapUp {
  /** epoch milliseconds of the PBX's clock */
  nowMs: number;
  /** seconds, for members whose wrap-up is their queue's: AMI does not tell it */
  queueWrapUpSec: number;
}

/** `away`: the phone is not registered; `unknown`: the PBX does not know. */
export type AgentStatus = 'away' | 'unknown' | 'idle' | 'ringing' | 'busy' | 'paused' | 'wrap_up';

const IN_USE: ReadonlySet<number> = new Set([DEVICE.inUse, DEVICE.busy, DEVICE.ringInUse, DEVICE.onHold]);
const AWAY: ReadonlySet<number> = new Set([DEVICE.invalid, DEVICE.unavailable]);

/** Who is offered a call or talks to a caller, in whatever queue: agent → whether they talk. */
export function engagements(calls: Iterable<AgentCall>): ReadonlyMap<string, boolean> {
  const talks = new Map<string, boolean>();
  for (const { agent, talking } of calls) talks.set(agent, talking || talks.get(agent) === true);
  return talks;
}

/** The one state that an agent is in, the first that fits: busy, ringing, away, paused, in wrap-up, idle.
 *  @param talks of `engagements`; undefined for who has no call */
export function agentStatus(member: QueueMember, talks: boolean | undefined, wrapUp: WrapUp): AgentStatus {
  if (talks === true || IN_USE.has(member.status)) return 'busy';
  if (talks === false || member.status === DEVICE.ringing) return 'ringing';
  if (AWAY.has(member.status)) return 'away';
  if (member.paused) return 'paused';
  // Whole seconds, as Asterisk itself compares them.
  if (Math.floor(wrapUp.nowMs / 1000) < wrapUpEndSec(member, wrapUp)) return 'wrap_up';
  return member.status === DEVICE.notInUse ? 'idle' : 'unknown';
}

/** When the wrap-up after the member's last call ends, epoch second of the PBX's clock; 0 without one. */
export function wrapUpEndSec({ wrapUpSec, lastCallSec }: QueueMember, { queueWrapUpSec }: Pick<WrapUp, 'queueWrapUpSec'>): number {
  const seconds = wrapUpSec || queueWrapUpSec;
  return seconds > 0 ? lastCallSec + seconds : 0;
}
