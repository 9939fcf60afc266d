import { intOf, type AmiEvent } from './ami-event.ts';
import type { CallName } from './call-name.ts';

/** Asterisk's device states, as `Status` of a queue member gives them. */
export const DEVICE = { unknown: 0, notInUse: 1, inUse: 2, busy: 3, invalid: 4, unavailable: 5, ringing: 6, ringInUse: 7, onHold: 8 } as const;

export interface QueueMember {
  status: number;
  paused: boolean;
  pauseReason: string;
  /** end of the member's last call in this queue, epoch second of the PBX's clock; 0 = none yet */
  lastCallSec: number;
  /** the member's own wrap-up; 0 = the queue's, which AMI does not tell */
  wrapUpSec: number;
  /** talks to a caller of this queue; told by snapshots only */
  inCall: boolean;
}

/** Who waits in a queue. */
export interface Caller extends CallName {
  /** when it joined, epoch milliseconds of the PBX's clock */
  sinceMs: number;
}

export interface Queue {
  /** by interface, e.g. `PJSIP/1001` */
  members: ReadonlyMap<string, QueueMember>;
  /** who waits, by channel id */
  callers: ReadonlyMap<string, Caller>;
  /** who has left since the last snapshot: whether an agent took them is told by a later event */
  leaving: ReadonlyMap<string, Caller>;
}

/** A caller offered to, or talking to, an agent. */
export interface AgentCall extends CallName {
  queue: string;
  /** the agent's interface; '' when it could not be told */
  agent: string;
  /** channel id */
  caller: string;
  talking: boolean;
  /** offered, or talking, since: epoch milliseconds of the PBX's clock */
  sinceMs: number;
}

/** A snapshot that is being read, and what happened meanwhile. */
export interface Reading {
  actionId: string;
  queues: ReadonlyMap<string, Queue>;
  later: readonly { event: AmiEvent; nowMs: number }[];
}

/** What one PBX's queues are like, as far as its events have told. */
export interface QueuesState {
  queues: ReadonlyMap<string, Queue>;
  /** by caller and agent: a caller may ring at several agents */
  calls: ReadonlyMap<string, AgentCall>;
  reading: Reading | null;
  /** bridged channels of a list that is being read */
  channels: readonly AmiEvent[];
  /** when the last snapshot was complete; null before the first */
  syncedAtMs: number | null;
}

export const EMPTY_QUEUE: Queue = { members: new Map(), callers: new Map(), leaving: new Map() };

export const EMPTY_QUEUES: QueuesState = { queues: new Map(), calls: new Map(), reading: null, channels: [], syncedAtMs: null };

/** The member that an event or a snapshot's row describes. */
export function memberOf(event: AmiEvent): QueueMember {
  return {
    status: intOf(event, 'Status'),
    paused: event['Paused'] === '1',
    pauseReason: event['PausedReason'] ?? '',
    lastCallSec: intOf(event, 'LastCall'),
    wrapUpSec: intOf(event, 'Wrapuptime'),
    inCall: event['InCall'] === '1',
  };
}

export const callKey = (caller: string, agent: string): string => `${caller} ${agent}`;

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** The map without the entries that `drop` names; the same map when there are none. */
export function withoutWhere<K, V>(map: ReadonlyMap<K, V>, drop: (value: V, key: K) => boolean): ReadonlyMap<K, V> {
  const kept = [...map].filter(([key, value]) => !drop(value, key));
  return kept.length === map.size ? map : new Map(kept);
}
