import type { CallEvent } from '@discador/contracts/events/call-events';
import type { LegacyCall, LegacyOperation } from '@discador/contracts/legacy/legacy-call';

/** A call event in the format of the platform before this one.
 *  @returns null for what that format has no operation for: ringing, bridged, held, unheld, transferred */
export function toLegacyCall(event: CallEvent): LegacyCall | null {
  switch (event.type) {
    case 'call.received':
      return say('received-call', baseOf(event));
    case 'call.dialing':
      return say('dial', baseOf(event));
    case 'call.answered':
      return say('answered-call', { ...baseOf(event), answeredAt: event.time });
    case 'call.dtmf':
      return say('dtmf', { ...baseOf(event), digit: event.data.digit, pressedAt: event.time });
    case 'call.ended': {
      const { answeredAt, endedAt, durationMs, billMs, cause, disposition } = event.data;
      const times = { ...(answeredAt === undefined ? {} : { answeredAt }), endedAt, duration: wholeSeconds(durationMs), billsec: wholeSeconds(billMs) };
      return say('finished-call', { ...baseOf(event), ...times, cause, disposition });
    }
    default:
      return null;
  }
}

function say<O extends LegacyOperation>(type: O, data: LegacyCall<O>['data']): LegacyCall<O> {
  return { operation: { type }, data } as LegacyCall<O>;
}

function baseOf({ pbx, campaignid, attemptid, data }: CallEvent): LegacyCall<'dial'>['data'] {
  return {
    callId: data.callId,
    origin: data.from,
    destiny: data.to,
    direction: data.direction,
    pbx,
    ...(campaignid === undefined ? {} : { campaignId: campaignid }),
    ...(attemptid === undefined ? {} : { attemptId: attemptid }),
    startedAt: data.startedAt,
  };
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000);
}
