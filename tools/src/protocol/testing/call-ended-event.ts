import { callCloudEvent } from '@discador/domain/calls/call-cloud-event';
import { newCall, summarize, type CallState } from '@discador/domain/calls/call-state';
import { classify } from '@discador/domain/calls/disposition';
import type { Disposition } from '@discador/contracts/dispositions';
import type { PbxCall } from './simulated-pbx.ts';

/** What the monitor says at the end of a call. @param inferred it did not see the end, but found the call gone */
export function callEndedEvent(call: PbxCall, inferred: boolean): Buffer {
  const { state, endedAt } = stateOf(call, inferred);
  const summary = summarize(state, endedAt);
  return Buffer.from(JSON.stringify(callCloudEvent(call.pbx.name, { type: 'ended', at: endedAt, inferred, call: state, summary })));
}

/** How the ledger may say that this call ended: as it did, seen or inferred, or that nobody knows. Never that there was none. */
export function allowedDispositions(call: PbxCall): Set<Disposition> {
  if (call.refused) return new Set<Disposition>(['not_placed', 'in_doubt', ...(call.recordsLost ? ['failed' as const] : [])]);
  const { answeredAt, bridgedAt, cause, destination } = call;
  const seen = classify({ answeredAt, bridgedAt, cause, destination, inferred: false });
  const allowed = new Set<Disposition>(['in_doubt', ...(call.killed ? [] : [seen])]);
  if (answeredAt !== null) allowed.add('answered');
  if (call.recordsLost || (call.killed && answeredAt === null)) allowed.add('failed');
  return allowed;
}

function stateOf(call: PbxCall, inferredEnd: boolean): { state: CallState; endedAt: number } {
  const at = (time: number | null): number | null => (time === null ? null : Math.round(time + call.pbx.skewMs));
  const startedAt = at(call.startedAt) ?? 0;
  const endedAt = at(call.endedAt) ?? startedAt;
  const state: CallState = {
    ...newCall(call.attemptId, startedAt),
    campaignId: call.campaignId,
    number: call.number,
    destination: call.destination,
    answeredAt: at(call.answeredAt),
    bridgedAt: at(call.bridgedAt),
    destroyed: { 1: { at: endedAt, cause: call.cause }, 2: { at: endedAt, cause: call.cause } },
    lastAt: endedAt,
    announced: true,
    inferredEnd,
  };
  return { state, endedAt };
}
