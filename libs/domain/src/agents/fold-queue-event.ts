import type { AmiEvent } from './ami-event.ts';
import { adoptCalls, isCampaignCall } from './adopt-calls.ts';
import { readSnapshot } from './queue-snapshot.ts';
import { EMPTY_QUEUE, callKey, memberOf, withEntry, withoutWhere, type Queue, type QueuesState } from './queues-state.ts';

/** Takes one AMI event into the state of a PBX's queues; events of other kinds change nothing (the same object comes back).
 *  Lists asked for (`QueueStatus`, `CoreShowChannels`) arrive as events too: a complete queue list replaces what was known, and
 *  what happened while it was read is applied again on top.
 *  @param nowMs epoch milliseconds of the PBX's clock */
export function foldQueueEvent(state: QueuesState, event: AmiEvent, nowMs: number): QueuesState {
  const listed = readSnapshot(state, event, nowMs, foldQueueEvent) ?? adoptCalls(state, event, nowMs);
  if (listed) return listed;
  const next = foldLive(state, event, nowMs);
  if (next === state || state.reading === null) return next;
  return { ...next, reading: { ...state.reading, later: [...state.reading.later, { event, nowMs }] } };
}

type Fold = (state: QueuesState, event: AmiEvent, nowMs: number) => QueuesState;

const LIVE = new Map<string, Fold>(
  Object.entries({
    QueueMemberAdded: putMember,
    QueueMemberStatus: putMember,
    QueueMemberPause: putMember,
    QueueMemberPenalty: putMember,
    QueueMemberRinginuse: putMember,
    QueueMemberRemoved: removeMember,
    QueueCallerJoin: (state, event) => withCaller(state, event, true),
    QueueCallerLeave: (state, event) => stopRinging(withCaller(state, event, false), event),
    QueueCallerAbandon: (state, event) => stopRinging(withCaller(state, event, false), event),
    AgentCalled: (state, event, nowMs) => withCall(state, event, false, nowMs),
    AgentRingNoAnswer: (state, event) => withoutCall(state, event),
    AgentConnect: (state, event, nowMs) => withCall(stopRinging(state, event), event, true, nowMs),
    AgentComplete: (state, event, nowMs) => endCall(state, event, nowMs),
  } satisfies Record<string, Fold>),
);

function foldLive(state: QueuesState, event: AmiEvent, nowMs: number): QueuesState {
  const fold = LIVE.get(event['Event'] ?? '');
  return fold && event['Queue'] ? fold(state, event, nowMs) : state;
}

function changeQueue(state: QueuesState, event: AmiEvent, change: (queue: Queue) => Queue): QueuesState {
  const name = event['Queue'] ?? '';
  return { ...state, queues: withEntry(state.queues, name, change(state.queues.get(name) ?? EMPTY_QUEUE)) };
}

function putMember(state: QueuesState, event: AmiEvent): QueuesState {
  const agent = event['Interface'] ?? '';
  return changeQueue(state, event, (queue) => ({ ...queue, members: withEntry(queue.members, agent, memberOf(event)) }));
}

function removeMember(state: QueuesState, event: AmiEvent): QueuesState {
  return changeQueue(state, event, (queue) => ({ ...queue, members: withoutWhere(queue.members, (_, agent) => agent === event['Interface']) }));
}

function withCaller(state: QueuesState, event: AmiEvent, waits: boolean): QueuesState {
  return changeQueue(state, event, (queue) => {
    const callers = new Set(queue.callers);
    if (waits) callers.add(event['Uniqueid'] ?? '');
    else callers.delete(event['Uniqueid'] ?? '');
    return { ...queue, callers };
  });
}

function withCall(state: QueuesState, event: AmiEvent, talking: boolean, nowMs: number): QueuesState {
  const { Queue: queue = '', Interface: agent = '', Uniqueid: caller = '' } = event;
  const call = { queue, agent, caller, campaign: isCampaignCall(event), talking, sinceMs: nowMs };
  return { ...state, calls: withEntry(state.calls, callKey(caller, agent), call) };
}

function withoutCall(state: QueuesState, event: AmiEvent): QueuesState {
  return { ...state, calls: withoutWhere(state.calls, (call) => call.caller === event['Uniqueid'] && call.agent === event['Interface']) };
}

function stopRinging(state: QueuesState, event: AmiEvent): QueuesState {
  return { ...state, calls: withoutWhere(state.calls, (call) => call.caller === event['Uniqueid'] && !call.talking) };
}

/** The agent's wrap-up begins with this event; the member's own status comes a moment later. */
function endCall(state: QueuesState, event: AmiEvent, nowMs: number): QueuesState {
  const ended = { ...state, calls: withoutWhere(state.calls, (call) => call.caller === event['Uniqueid']) };
  const agent = event['Interface'] ?? '';
  const member = state.queues.get(event['Queue'] ?? '')?.members.get(agent);
  if (!member) return ended;
  const endedSec = Math.floor(Number(event['Timestamp']) || nowMs / 1000);
  const after = { ...member, inCall: false, lastCallSec: Math.max(member.lastCallSec, endedSec) };
  return changeQueue(ended, event, (queue) => ({ ...queue, members: withEntry(queue.members, agent, after) }));
}
