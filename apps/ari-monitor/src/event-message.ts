import { routingKeyOf, type DiscadorEvent } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE } from '@discador/contracts/events/envelope';
import { pbxEventId, type PbxEvent } from '@discador/contracts/events/pbx-events';
import type { OutboxMessage } from './outbox.ts';

/** An event as the outbox takes it.
 *  @param receivedAt  epoch milliseconds, our clock
 *  @param important  kept when others no longer are */
export function eventMessage(event: DiscadorEvent, receivedAt: number, important: boolean): OutboxMessage {
  return {
    exchange: EVENTS_EXCHANGE,
    routingKey: routingKeyOf(event),
    content: Buffer.from(JSON.stringify(event)),
    messageId: event.id,
    type: event.type,
    important,
    receivedAt,
  };
}

type NewsOf<E> = E extends PbxEvent ? Pick<E, 'type' | 'data'> : never;

/** An event about a PBX itself.
 *  @param since  epoch milliseconds, our clock: a PBX has each type once per moment
 *  @param time  when it was known, if later */
export function pbxCloudEvent(pbx: string, news: NewsOf<PbxEvent>, since: number, time = since): PbxEvent {
  return {
    specversion: '1.0',
    id: pbxEventId(pbx, news.type, new Date(since).toISOString()),
    source: `discador:pbx:${pbx}`,
    subject: pbx,
    time: new Date(time).toISOString(),
    datacontenttype: 'application/json',
    pbx,
    ...news,
  };
}
