import { callEventId, type CallEvent, type CallEventType } from '@discador/contracts/events/call-events';
import type { CallEffect, CallState } from './call-state.ts';
import { classify } from './disposition.ts';

/** What the state machine told, as the CloudEvent that the bus carries.
 *  The id depends on PBX, call and transition alone, so that another replica, or this one again, gives the same. */
export function callCloudEvent(pbx: string, effect: CallEffect): CallEvent {
  const type = `call.${effect.type}` as CallEventType;
  const { callId, campaignId } = effect.call;
  return {
    specversion: '1.0',
    id: callEventId(pbx, callId, transitionOf(effect)),
    source: `discador:pbx:${pbx}`,
    type,
    subject: callId,
    time: iso(effect.at),
    datacontenttype: 'application/json',
    pbx,
    attemptid: callId,
    ...(campaignId === null ? {} : { campaignid: campaignId }),
    inferred: effect.inferred,
    data: dataOf(effect),
  } as CallEvent;
}

/** Key presses are told apart by the PBX's time, not by counting: a replica that started in mid-call counts differently. */
function transitionOf(effect: CallEffect): string {
  return effect.type === 'dtmf' ? `dtmf:${effect.at}` : effect.type;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function baseOf(call: CallState): Record<string, unknown> {
  return { callId: call.callId, direction: 'outbound', from: call.from.slice(0, 80), to: call.number, startedAt: iso(call.startedAt) };
}

function dataOf(effect: CallEffect): Record<string, unknown> {
  const base = baseOf(effect.call);
  switch (effect.type) {
    case 'answered':
      return { ...base, ringMs: effect.ringMs };
    case 'bridged':
      return { ...base, peer: effect.peer.slice(0, 150), waitMs: effect.waitMs };
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
