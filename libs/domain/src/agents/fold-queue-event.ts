import { eventAtMs, type AmiEvent } from './ami-event.ts';
import { adoptCalls } from './adopt-calls.ts';
import { callNameOf } from './call-name.ts';
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
    QueueCallerJoin: joinQueue,
    QueueCallerLeave: (state, event) => stopRinging(leaveQueue(state, event), event),
    QueueCallerAbandon: (state, event) => stopRinging(settleCaller(leaveQueue(state, event), event), event),
    AgentCalled: (state, event, nowMs) => withCall(state, event, false, nowMs),
    AgentRingNoAnswer: (state, event) => withoutCall(state, event),
    AgentConnect: (state, event, nowMs) => withCall(stopRinging(settleCaller(state, event), event), event, true, nowMs),
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

function joinQueue(state: QueuesState, event: AmiEvent, nowMs: number): QueuesState {
  const caller = { ...callNameOf(event), sinceMs: eventAtMs(event, nowMs) };
  return changeQueue(state, event, (queue) => ({ ...queue, callers: withEntry(queue.callers, event['Uniqueid'] ?? '', caller) }));
}

function leaveQueue(state: QueuesState, event: AmiEvent): QueuesState {
  const id = event['Uniqueid'] ?? '';
  return changeQueue(state, event, (queue) => {
    const caller = queue.callers.get(id);
    if (!caller) return queue;
    return { ...queue, callers: withoutWhere(queue.callers, (_, one) => one === id), leaving: withEntry(queue.leaving, id, caller) };
  });
}

/** It is known what became of who left. */
function settleCaller(state: QueuesState, event: AmiEvent): QueuesState {
  return changeQueue(state, event, (queue) => ({ ...queue, leaving: withoutWhere(queue.leaving, (_, id) => id === event['Uniqueid']) }));
}

function withCall(state: QueuesState, event: AmiEvent, talking: boolean, nowMs: number): QueuesState {
  const { Queue: queue = '', Interface: agent = '', Uniqueid: caller = '' } = event;
  const call = { queue, agent, caller, ...callNameOf(event), talking, sinceMs: eventAtMs(event, nowMs) };
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
