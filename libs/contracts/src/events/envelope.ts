import { parse, v5 } from 'uuid';
import { z } from 'zod';

/** The topic exchange that carries every event. Routing key: `<type>.<whom>`, e.g. `call.ended.<campaignId or none>`; see `routingKeyOf`. */
export const EVENTS_EXCHANGE = 'discador.events';

/** AMQP header of `call.*` and `pbx.*`: the term of the monitor that sent this message, a number greater than those of all monitors that published
 *  the PBX's events before it. Not part of the event, which is the same whoever sends it: a message with a lower term than one already seen
 *  comes late from a deposed publisher, and repeats an event or fills a gap; drop repeats by the event's id. */
export const TERM_HEADER = 'x-discador-term';

/** As bytes: a text would be parsed anew for every id. */
const NAMESPACE = parse('6f0e2d0c-98b5-5c53-9d9e-0d1f6a1b7c11');
const UTF8 = new TextEncoder();

/** A point in time, RFC 3339 with milliseconds; the PBX's clock where the event is the PBX's. */
export const instant = z.iso.datetime({ offset: true });
export const milliseconds = z.int().min(0);
export const pbxName = z.string().min(1).max(40).describe('Name of the PBX.');

/** CloudEvents 1.0 in JSON with our extensions, around the data of one type. Descriptions are for consumers: the documents in `docs/events` are
 *  made of them.
 *  @param extensions  attributes beside `data`, lower case as CloudEvents asks */
function envelope<T extends string, D extends z.ZodType, X extends z.ZodRawShape>(type: T, data: D, extensions: X) {
  return z.object({
    specversion: z.literal('1.0').describe('Version of CloudEvents.'),
    id: z.uuid().describe('UUID v5 of what happened: the same from every replica and every replay. Drop what you have seen.'),
    source: z.string().min(1).max(100).describe('Who tells: `discador:<part>:<name>`.'),
    type: z.literal(type).describe('What happened.'),
    subject: z.string().min(1).max(150).describe('Id of whom the event is about: a call, an agent, a queue, an extension, a campaign, a slice or a PBX.'),
    time: instant.describe('When it happened, by the clock of who saw it: the PBX for what happened there.'),
    datacontenttype: z.literal('application/json').describe('Format of `data`.'),
    ...extensions,
    data,
  });
}

type Envelope<T extends string, D extends z.ZodType, X extends z.ZodRawShape> = ReturnType<typeof envelope<T, D, X>>;

/** An envelope for each type of a family. */
export function envelopes<M extends Readonly<Record<string, z.ZodType>>, X extends z.ZodRawShape>(dataByType: M, extensions: X) {
  const schemas = Object.entries(dataByType).map(([type, data]) => [type, envelope(type, data, extensions)]);
  return Object.fromEntries(schemas) as { [T in keyof M & string]: Envelope<T, M[T], X> };
}

/** The id of something that happened: the same for the same words, so that consumers can drop repeats. */
export function eventId(...words: readonly string[]): string {
  return v5(UTF8.encode(words.join('\n')), NAMESPACE);
}

/** A name as one word of a routing key: dots, stars and hashes would be read as more. */
export function routingWord(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_').slice(0, 60) || 'none';
}
