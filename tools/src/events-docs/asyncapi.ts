import { EVENT_TYPES, type EventType } from '@discador/contracts/events/catalogue';
import { EVENTS_EXCHANGE, TERM_HEADER } from '@discador/contracts/events/envelope';
import { stringify } from 'yaml';
import { eventSchema } from './event-schemas.ts';
import { FAMILIES, FAMILY_NAMES, typesOf, type Family } from './families.ts';
import { readExample, schemaFile } from './files.ts';

const BINDING_VERSION = '0.3.0';
const EXCHANGE = { name: EVENTS_EXCHANGE, type: 'topic', durable: true, autoDelete: false };

/** Families that one monitor at a time publishes. */
const FENCED: readonly Family[] = ['call', 'pbx'];
const TERM = {
  type: 'object',
  properties: { [TERM_HEADER]: { type: 'integer', minimum: 1, description: 'Term of the monitor that sent the message; each successor has a higher one. The same event may come from two of them.' } },
};

/** The AsyncAPI 3 document of the exchange. Its schemas are the files beside it.
 *  @param version  of the product */
export function asyncApi(version: string): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Discador events',
      version,
      description: 'What happens to calls, agents, queues, extensions, campaigns, slices and PBXs, as CloudEvents 1.0 on one topic exchange. Changes are additive.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      rabbitmq: {
        host: '{host}:{port}',
        protocol: 'amqp',
        protocolVersion: '0.9.1',
        variables: { host: { default: 'localhost' }, port: { default: '5672' } },
      },
    },
    channels: Object.fromEntries(FAMILY_NAMES.map((family) => [family, channel(family)])),
    operations: Object.fromEntries(FAMILY_NAMES.map((family) => [`send-${family}`, operation(family)])),
    components: { messages: Object.fromEntries(EVENT_TYPES.map((type) => [type, message(type)])) },
  };
}

export const asyncApiYaml = (version: string): string => stringify(asyncApi(version), { aliasDuplicateObjects: false, lineWidth: 0 });

function channel(family: Family): object {
  const { title, summary, word, whom } = FAMILIES[family];
  const types = typesOf(family);
  return {
    address: `${family}.{what}.{${word}}`,
    title,
    summary,
    parameters: {
      what: { description: 'What happened.', enum: types.map((type) => type.slice(family.length + 1)) },
      [word]: { description: `One word: ${whom}.` },
    },
    messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
    bindings: { amqp: { is: 'routingKey', exchange: EXCHANGE, bindingVersion: BINDING_VERSION } },
  };
}

function operation(family: Family): object {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${family}` },
    summary: FAMILIES[family].summary,
    messages: typesOf(family).map((type) => ({ $ref: `#/channels/${family}/messages/${type}` })),
    bindings: { amqp: { deliveryMode: 2, bindingVersion: BINDING_VERSION } },
  };
}

function message(type: EventType): object {
  const fenced = FENCED.some((family) => typesOf(family).includes(type));
  return {
    name: type,
    title: type,
    summary: eventSchema(type).description,
    contentType: 'application/json',
    ...(fenced ? { headers: TERM } : {}),
    payload: { $ref: `./schemas/${schemaFile(type)}` },
    bindings: { amqp: { messageType: type, bindingVersion: BINDING_VERSION } },
    examples: [{ name: type, payload: readExample(type) }],
  };
}
