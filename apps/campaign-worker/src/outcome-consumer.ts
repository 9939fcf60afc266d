import { callEventSchemas, type CallEndedEvent } from '@discador/contracts/events/call-events';
import type { Settlement } from '@discador/bus/consumer';
import type { Outcome } from '@discador/postgres/sql/record-outcomes';
import type { ConsumeMessage } from 'amqplib';
import type { WorkerMetrics } from './metrics.ts';
import type { OutcomeDesk } from './outcome-desk.ts';

/** Turns a batch of `call.ended` events into stored outcomes. Events of calls that are not ours are passed by; what cannot be read is dropped to the parked queue. */
export async function consumeOutcomes(messages: ConsumeMessage[], desk: OutcomeDesk, metrics: WorkerMetrics): Promise<Settlement[]> {
  const outcomes = new Map<string, Outcome>();
  const settlements = messages.map((message): Settlement => {
    const event = parse(message.content);
    if (!event) return 'drop';
    // A monitor that inferred an end without knowing how leaves it to the sweeper, which asks the PBX's own records.
    const unknown = event.inferred && event.data.disposition === 'in_doubt';
    if (event.attemptid && !unknown && !outcomes.has(event.attemptid)) outcomes.set(event.attemptid, outcomeOf(event, event.attemptid));
    return 'ack';
  });
  await desk.record([...outcomes.values()], 'events');
  const now = Date.now();
  for (const outcome of outcomes.values()) {
    if (!outcome.inferred) metrics.hangupToStored.observe(Math.max(0, now - Date.parse(outcome.endedAt)) / 1000);
  }
  return settlements;
}

function outcomeOf(event: CallEndedEvent, attemptId: string): Outcome {
  const { startedAt, ringingAt, answeredAt, bridgedAt, endedAt, cause, disposition } = event.data;
  return { attemptId, disposition, cause, startedAt, ringingAt, answeredAt, bridgedAt, endedAt, inferred: event.inferred };
}

function parse(content: Buffer): CallEndedEvent | null {
  try {
    return callEventSchemas['call.ended'].parse(JSON.parse(content.toString('utf8')));
  } catch {
    return null;
  }
}
