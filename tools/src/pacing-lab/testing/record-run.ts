import { callEventId, type CallEndedEvent } from '@discador/contracts/events/call-events';
import type { DeskEvent, DeskEventData } from '@discador/contracts/events/desk-events';
import { eventId } from '@discador/contracts/events/envelope';
import type { Disposition } from '@discador/contracts/dispositions';
import { POOL_EVENTS, type MakeController, type PoolEvents } from '../controller.ts';

export const CAMPAIGN = '01a1fbb9-2c10-7d3e-9a41-5b0c6d7e8f90';
const START_MS = Date.parse('2026-11-21T09:00:00.000Z');
const ATTRIBUTES = { specversion: '1.0', source: 'discador:pbx:pbx1', datacontenttype: 'application/json', pbx: 'pbx1' } as const;

interface Times {
  number: number;
  dialled: number;
  answered?: number;
  bridged?: number;
}

const instant = (at: number): string => new Date(START_MS + Math.round(at * 1000)).toISOString();

/** Lets a controller dial and writes down what the bus would have told of it.
 *  @param lines  gets the events, one CloudEvent of JSON each */
export function recorded(make: MakeController, lines: string[]): MakeController {
  return (agents, foresight) => {
    const inner = make(agents, foresight);
    return { ...inner, events: both(inner.events, writer(lines)), callsToStart: (now) => inner.callsToStart(now) };
  };
}

function both(one: PoolEvents, other: PoolEvents): PoolEvents {
  const tell = (kind: keyof PoolEvents) => (...args: unknown[]): void => {
    for (const events of [one, other]) (events[kind] as (...what: unknown[]) => void).apply(events, args);
  };
  return Object.fromEntries(POOL_EVENTS.map((kind) => [kind, tell(kind)])) as unknown as PoolEvents;
}

function writer(lines: string[]): PoolEvents {
  const calls = new Map<number, Times>();
  let dialled = 0;
  const timesOf = (call: number): Times => calls.get(call) as Times;
  const ended = (at: number, call: number, disposition: Disposition): void => {
    lines.push(JSON.stringify(callEnded(timesOf(call), at, disposition)));
  };
  const status = (at: number, agent: number, data: Omit<DeskEventData<'agent.status'>, 'agent' | 'queue'>): void => {
    lines.push(JSON.stringify(agentEvent('agent.status', at, agent, data)));
  };
  return {
    order: () => undefined,
    dial: (at, call) => void calls.set(call, { number: ++dialled, dialled: at }),
    ringEnd: (at, call, answered) => {
      if (answered) timesOf(call).answered = at;
      else ended(at, call, 'no_answer');
    },
    connect: (at, call, agent) => {
      timesOf(call).bridged = at;
      status(at, agent, { status: 'busy', before: 'idle' });
    },
    abandon: (at, call) => ended(at, call, 'abandoned'),
    talkEnd: (at, call, agent) => {
      ended(at, call, 'answered');
      status(at, agent, { status: 'wrap_up', before: 'busy' });
    },
    wrapEnd: (at, agent) => status(at, agent, { status: 'idle', before: 'wrap_up' }),
    agentIn: (at, agent) => {
      lines.push(JSON.stringify(agentEvent('agent.loggedin', at, agent, {})));
      status(at, agent, { status: 'idle', before: 'unavailable' });
    },
    agentLeaving: () => undefined,
    agentOut: (at, agent) => {
      status(at, agent, { status: 'unavailable', before: 'idle' });
      lines.push(JSON.stringify(agentEvent('agent.loggedout', at, agent, {})));
    },
  };
}

function callEnded({ number, dialled, answered, bridged }: Times, at: number, disposition: Disposition): CallEndedEvent {
  const callId = `call-${number}`;
  return {
    ...ATTRIBUTES,
    id: callEventId('pbx1', callId, 'ended'),
    type: 'call.ended',
    subject: callId,
    time: instant(at),
    campaignid: CAMPAIGN,
    inferred: false,
    data: {
      callId,
      direction: 'outbound',
      from: '551155500100',
      to: `5511555${number}`,
      startedAt: instant(dialled),
      ...(answered !== undefined && { answeredAt: instant(answered) }),
      ...(bridged !== undefined && { bridgedAt: instant(bridged) }),
      endedAt: instant(at),
      durationMs: Math.round((at - dialled) * 1000),
      billMs: answered === undefined ? 0 : Math.round((at - answered) * 1000),
      cause: 16,
      disposition,
      dtmf: '',
    },
  };
}

function agentEvent(type: DeskEvent['type'], at: number, agent: number, data: object): object {
  const name = `PJSIP/${1000 + agent}`;
  return { ...ATTRIBUTES, id: eventId('pbx1', type, name, String(at), JSON.stringify(data)), type, subject: name, time: instant(at), data: { agent: name, queue: 'sales', ...data } };
}
