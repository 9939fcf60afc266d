import type { ChannelEvent, ChannelSnapshot } from '../channel-event.ts';

/** Events of invented calls, for tests here and of whoever uses the machine. */
export const CAMPAIGN = '019aa3f0-2222-7000-8000-000000000002';
/** The instant 0 of an invented call, epoch milliseconds. */
export const START = 1_795_224_600_000;

/** Attempt id number `n`. */
export function attemptId(n: number): string {
  return `019aa3f0-1111-7000-8000-${String(n).padStart(12, '0')}`;
}

/** One half of call `n` as Asterisk would show it. */
export function half(n: number, which: 1 | 2, changes: Partial<ChannelSnapshot> = {}): ChannelSnapshot {
  const number = `55119000${String(n).padStart(5, '0')}`;
  return {
    id: `${attemptId(n)};${which}`,
    name: `Local/${number}@dial-gate-0000000${n % 10};${which}`,
    state: which === 1 ? 'Down' : 'Ring',
    accountCode: CAMPAIGN,
    callerNumber: '',
    context: 'dial-gate',
    exten: number,
    app: '',
    createdAt: START,
    ...changes,
  };
}

/** A call that is answered in a queue, talks to an agent and presses a key; the order is that of a recorded one. */
export function queueCall(n: number): ChannelEvent[] {
  const agent: ChannelSnapshot = { ...half(n, 1), id: `pbx1-${n}.34`, name: `Local/agent0${n % 10}@agents-0000000e;1`, state: 'Up' };
  const inQueue = { state: 'Up', context: 'campaign', exten: 'queue-demo' };
  const bridge = { bridgeId: `bridge-${n}` };
  return [
    { kind: 'created', at: START, channel: half(n, 1, { accountCode: '' }) },
    { kind: 'created', at: START, channel: half(n, 2, { accountCode: '' }) },
    { kind: 'dial', at: START + 1, status: '', peer: half(n, 1), caller: null },
    { kind: 'state', at: START + 2, channel: half(n, 1, { state: 'Ringing' }) },
    { kind: 'dial', at: START + 3, status: 'RINGING', peer: half(n, 1, { state: 'Ringing' }), caller: null },
    { kind: 'state', at: START + 1_000, channel: half(n, 2, { state: 'Up' }) },
    { kind: 'state', at: START + 1_001, channel: half(n, 1, { state: 'Up' }) },
    { kind: 'dial', at: START + 1_002, status: 'ANSWER', peer: half(n, 1, { state: 'Up' }), caller: null },
    { kind: 'dial', at: START + 1_003, status: '', peer: agent, caller: half(n, 1, inQueue) },
    { kind: 'entered_bridge', at: START + 2_000, channel: agent, ...bridge, members: [agent.id] },
    { kind: 'entered_bridge', at: START + 2_000, channel: half(n, 1, inQueue), ...bridge, members: [`${attemptId(n)};1`, agent.id] },
    { kind: 'dtmf', at: START + 3_000, channel: half(n, 1, inQueue), digit: '9' },
    { kind: 'hangup_request', at: START + 6_000, channel: half(n, 2, { state: 'Up' }), cause: 16 },
    { kind: 'destroyed', at: START + 6_001, channel: half(n, 2, { state: 'Up' }), cause: 16 },
    { kind: 'left_bridge', at: START + 6_002, channel: half(n, 1, inQueue), ...bridge, members: [agent.id] },
    { kind: 'destroyed', at: START + 6_003, channel: half(n, 1, inQueue), cause: 16 },
  ];
}

/** A call that finds the number busy after a second. */
export function busyCall(n: number): ChannelEvent[] {
  return [
    { kind: 'created', at: START, channel: half(n, 1) },
    { kind: 'created', at: START, channel: half(n, 2) },
    { kind: 'dial', at: START + 1, status: '', peer: half(n, 1), caller: null },
    { kind: 'destroyed', at: START + 1_000, channel: half(n, 2, { state: 'Busy' }), cause: 17 },
    { kind: 'dial', at: START + 1_001, status: 'BUSY', peer: half(n, 1), caller: null },
    { kind: 'destroyed', at: START + 1_001, channel: half(n, 1), cause: 0 },
  ];
}
