import type { CallEvent } from '@discador/contracts/events/call-events';
import { LEGACY_EXCHANGES, legacyMessageId, toShape, type LegacyShape } from '@discador/contracts/legacy/legacy-call';
import { toLegacyCall } from '@discador/domain/calls/to-legacy-call';
import { eventMessage } from './event-message.ts';
import type { OutboxMessage } from './outbox.ts';

/** What the bus is sent when a call has changed: its event, and right behind it the same in the old format.
 *  @param legacyShapes  shapes of the old format that somebody still reads
 *  @param receivedAt  epoch milliseconds, our clock */
export function callMessages(event: CallEvent, legacyShapes: readonly LegacyShape[], receivedAt: number): OutboxMessage[] {
  const important = event.type === 'call.ended';
  const current = eventMessage(event, receivedAt, important);
  const legacy = legacyShapes.length > 0 ? toLegacyCall(event) : null;
  if (!legacy) return [current];
  const { type } = legacy.operation;
  const old = legacyShapes.map((shape) => ({
    exchange: LEGACY_EXCHANGES[shape],
    routingKey: type,
    content: Buffer.from(JSON.stringify(toShape(legacy, shape))),
    messageId: legacyMessageId(event.id, shape),
    type,
    important,
    receivedAt,
  }));
  return [current, ...old];
}
