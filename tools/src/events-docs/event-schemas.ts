import { EVENT_SCHEMAS, EVENT_TYPES, type EventType } from '@discador/contracts/events/catalogue';
import { z } from 'zod';

/** The keywords of JSON Schema that ours are made of. */
export interface JsonSchema {
  [keyword: string]: unknown;
  description?: string;
  type?: string;
  format?: string;
  const?: unknown;
  enum?: readonly unknown[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
}
/** By event type. */
export type EventJsonSchemas = Readonly<Record<string, JsonSchema>>;

/** Grows with a change that breaks consumers, of which there shall be none. */
const CONTRACT_VERSION = 1;

/** The JSON Schema of one event type. It is open: a consumer that validates by it takes messages of later versions, which have more fields. */
export function eventSchema(type: EventType): JsonSchema {
  const made = z.toJSONSchema(EVENT_SCHEMAS[type], { io: 'input', override: ({ jsonSchema }) => simplify(jsonSchema) });
  const { $schema, ...schema } = made as JsonSchema;
  const { data, ...attributes } = schema.properties ?? {};
  const { description, ...body } = data ?? {};
  return { $schema, $id: `urn:discador:event:${type}:${CONTRACT_VERSION}`, title: type, description, ...schema, properties: { ...attributes, data: body } };
}

/** Of all types, in the order of the catalogue. */
export function eventSchemas(): EventJsonSchemas {
  return Object.fromEntries(EVENT_TYPES.map((type) => [type, eventSchema(type)]));
}

/** Leaves out what says nothing more: the pattern beside a format, which is the same in 300 characters, and the largest safe integer. */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}
