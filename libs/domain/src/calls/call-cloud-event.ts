import { callEventId, type CallEvent, type CallEventType } from '@discador/contracts/events/call-events';
import type { CallEffect, CallFacts } from './call-state.ts';
import { classify } from './disposition.ts';

/** What the state machine told, as the CloudEvent that the bus carries.
 *  The id depends on PBX, call and transition alone, so that another replica, or this one again, gives the same. */
export function callCloudEvent(pbx: string, effect: CallEffect): CallEvent {
  const type = `call.${effect.type}` as CallEventType;
  const { callId, campaignId, ours } = effect.call;
  return {
    specversion: '1.0',
    id: callEventId(pbx, callId, transitionOf(effect)),
    source: `discador:pbx:${pbx}`,
    type,
    subject: callId,
    time: iso(effect.at),
    datacontenttype: 'application/json',
    pbx,
    ...(ours ? { attemptid: callId } : {}),
    ...(campaignId === null ? {} : { campaignid: campaignId }),
    inferred: effect.inferred,
    data: dataOf(effect),
  } as CallEvent;
}

const REPEATABLE: ReadonlySet<CallEffect['type']> = new Set(['dtmf', 'held', 'unheld', 'transferred']);

/** What can repeat is told apart by the PBX's time, not by counting: a replica that started in mid-call counts differently. */
function transitionOf({ type, at }: CallEffect): string {
  return REPEATABLE.has(type) ? `${type}:${at}` : type;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function baseOf({ callId, direction, route, from, number, startedAt }: CallFacts): Record<string, unknown> {
  return { callId, direction, route, from: from.slice(0, 80), to: number.slice(0, 80), startedAt: iso(startedAt) };
}

function dataOf(effect: CallEffect): Record<string, unknown> {
  const base = baseOf(effect.call);
  switch (effect.type) {
    case 'answered':
      return { ...base, ringMs: effect.ringMs };
    case 'bridged':
      return { ...base, peer: effect.peer.slice(0, 150), waitMs: effect.waitMs };
    case 'held':
    case 'unheld':
      return { ...base, channel: effect.channel.slice(0, 150) };
    case 'transferred':
      return { ...base, kind: effect.kind, by: effect.by.slice(0, 150), target: effect.target.slice(0, 150) };
    case 'dtmf':
      return { ...base, digit: effect.digit };
    case 'ended': {
      const { summary } = effect;
      return {
        ...base,
        ...(summary.ringingAt === null ? {} : { ringingAt: iso(summary.ringingAt) }),
        ...(summary.answeredAt === null ? {} : { answeredAt: iso(summary.answeredAt) }),
        ...(summary.bridgedAt === null ? {} : { bridgedAt: iso(summary.bridgedAt) }),
        endedAt: iso(summary.endedAt),
        durationMs: summary.durationMs,
        billMs: summary.billMs,
        cause: summary.cause,
        disposition: classify(summary),
        dtmf: summary.dtmf,
      };
    }
    default:
      return base;
  }
}
