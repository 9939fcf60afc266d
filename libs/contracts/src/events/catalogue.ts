import { z } from 'zod';
import { callEventSchemas, callRoutingKey, type CallEvent } from './call-events.ts';
import { campaignEventSchemas, type CampaignEvent } from './campaign-events.ts';
import { deskEventSchemas, type DeskEvent } from './desk-events.ts';
import { routingWord } from './envelope.ts';
import { pbxEventSchemas, type PbxEvent } from './pbx-events.ts';

/** Every event of the exchange, by type. */
export const EVENT_SCHEMAS = { ...callEventSchemas, ...deskEventSchemas, ...campaignEventSchemas, ...pbxEventSchemas };

export type EventType = keyof typeof EVENT_SCHEMAS;
export type DiscadorEvent = CallEvent | DeskEvent | CampaignEvent | PbxEvent;

export const EVENT_TYPES = Object.keys(EVENT_SCHEMAS) as EventType[];

const typed = z.object({ type: z.enum(EVENT_TYPES) });

/** A message of the exchange, checked. Attributes that it does not know are dropped: later versions add some.
 *  @throws ZodError, which names the field */
export function parseEvent(message: unknown): DiscadorEvent {
  return EVENT_SCHEMAS[typed.parse(message).type].parse(message);
}

/** The routing key of an event: its type, and whom it is about in one word: campaign, agent, queue, extension or PBX. */
export function routingKeyOf(event: DiscadorEvent): string {
  const { type } = event;
  if (type.startsWith('call.')) return callRoutingKey((event as CallEvent).type, (event as CallEvent).campaignid);
  const data: Record<string, unknown> = event.data;
  const [family] = type.split('.');
  const whom = family === 'pbx' ? (event as PbxEvent).pbx : family === 'campaign' || family === 'slice' ? data['campaignId'] : data[family ?? ''];
  return `${type}.${routingWord(String(whom))}`;
}
