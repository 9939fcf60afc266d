import type { AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import { placed } from '../ledger-check/check-ledger.ts';

/** One message about a call, repeats included. */
export interface ToldEvent {
  callId: string;
  type: string;
}

export interface EventsVerdict {
  /** calls in the PBX's records */
  calls: number;
  messages: number;
  /** calls of which something is missing, too much or out of order */
  incomplete: number;
  /** calls with another number of `call.ended` than one */
  notEndedOnce: number;
  /** of the incomplete: what was told, and what the PBX's record asks for; the first few */
  examples: string[];
}

const EXAMPLES = 5;

/** Holds the messages that a queue got against the PBX's own records of the same calls. Whether the far end was heard ringing no record says. */
export function judgeEvents(told: readonly ToldEvent[], records: Iterable<AttemptFromCel>): EventsVerdict {
  const byCall = Map.groupBy(told, ({ callId }) => callId);
  const verdict: EventsVerdict = { calls: 0, messages: told.length, incomplete: 0, notEndedOnce: 0, examples: [] };
  for (const record of records) {
    if (!placed(record)) continue;
    const types = (byCall.get(record.attemptId) ?? []).map(({ type }) => type);
    const due = dueTypes(record);
    verdict.calls += 1;
    if (types.filter((type) => type === 'call.ended').length !== 1) verdict.notEndedOnce += 1;
    if (withoutRinging(types).join() === due.join()) continue;
    verdict.incomplete += 1;
    if (verdict.examples.length < EXAMPLES) verdict.examples.push(`${record.attemptId}: ${types.join(' ') || 'nothing'}, due: ${due.join(' ')}`);
  }
  return verdict;
}

function dueTypes({ answeredAt, bridgedAt }: AttemptFromCel): string[] {
  return ['call.dialing', ...(answeredAt === null ? [] : ['call.answered']), ...(bridgedAt === null ? [] : ['call.bridged']), 'call.ended'];
}

/** Only where it belongs, after the dialling, is it passed by. */
function withoutRinging(types: readonly string[]): string[] {
  return types.filter((type, index) => type !== 'call.ringing' || index !== 1);
}
