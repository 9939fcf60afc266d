import { intOf, type AmiEvent } from './ami-event.ts';
import { callNameOf } from './call-name.ts';
import { DEVICE, EMPTY_QUEUE, memberOf, withEntry, withoutWhere, type AgentCall, type Caller, type Queue, type QueuesState, type Reading } from './queues-state.ts';

/** A call younger than this is kept although the snapshot does not show it: the PBX marks the member a moment after the event. */
const CALL_SETTLES_MS = 2_000;

type Fold = (state: QueuesState, event: AmiEvent, nowMs: number) => QueuesState;

/** Takes one event of a `QueueStatus` list.
 *  @param replay applies an event that came while the list was read
 *  @returns null when the event is of no such list */
export function readSnapshot(state: QueuesState, event: AmiEvent, nowMs: number, replay: Fold): QueuesState | null {
  switch (event['Event']) {
    case 'QueueParams':
      return reading(state, event, (queue) => queue);
    case 'QueueMember':
      return reading(state, event, (queue) => ({ ...queue, members: withEntry(queue.members, event['Location'] ?? '', memberOf(event)) }));
    case 'QueueEntry':
      return reading(state, event, (queue) => ({ ...queue, callers: withEntry(queue.callers, event['Uniqueid'] ?? '', waiting(state, event, nowMs)) }));
    case 'QueueStatusComplete':
      return complete(state, currentReading(state, event), nowMs, replay);
    default:
      return null;
  }
}

/** A row says less of a caller than the event of its joining. */
function waiting({ queues }: QueuesState, event: AmiEvent, nowMs: number): Caller {
  const known = queues.get(event['Queue'] ?? '')?.callers.get(event['Uniqueid'] ?? '');
  return known ?? { ...callNameOf(event), sinceMs: nowMs - 1_000 * intOf(event, 'Wait') };
}

/** A list under another ActionID begins afresh: the former was cut off. */
function currentReading(state: QueuesState, event: AmiEvent): Reading {
  const actionId = event['ActionID'] ?? '';
  return state.reading?.actionId === actionId ? state.reading : { actionId, queues: new Map(), later: [] };
}

function reading(state: QueuesState, event: AmiEvent, change: (queue: Queue) => Queue): QueuesState {
  const now = currentReading(state, event);
  const name = event['Queue'] ?? '';
  return { ...state, reading: { ...now, queues: withEntry(now.queues, name, change(now.queues.get(name) ?? EMPTY_QUEUE)) } };
}

function complete(state: QueuesState, { queues, later }: Reading, nowMs: number, replay: Fold): QueuesState {
  const calls = withoutWhere(state.calls, (call) => nowMs - call.sinceMs > CALL_SETTLES_MS && !confirms(queues, call));
  const fresh: QueuesState = { ...state, queues, calls, reading: null, syncedAtMs: nowMs };
  return later.reduce((next, { event, nowMs: at }) => replay(next, event, at), fresh);
}

function confirms(queues: ReadonlyMap<string, Queue>, call: AgentCall): boolean {
  const member = queues.get(call.queue)?.members.get(call.agent);
  if (!member) return false;
  return call.talking ? member.inCall : member.status !== DEVICE.notInUse;
}
