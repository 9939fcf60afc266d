import fc from 'fast-check';
import type { JsonSchema } from '../event-schemas.ts';

const KNOWN = new Set([
  ...['$schema', '$id', 'title', 'description', 'type', 'const', 'enum', 'properties', 'required'],
  ...['minimum', 'exclusiveMinimum', 'maximum', 'minLength', 'maxLength', 'format'],
]);

/** Any value that a schema allows, with its optional properties there or not.
 *  @throws when the schema uses a keyword that is not known here: the values would not be all that it allows */
export function instanceOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword));
  if (unknown.length > 0) throw new Error(`instances of schemas with ${unknown.join(', ')} are not made`);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'string':
      return textOf(schema);
    case 'integer':
      return wholeOf(schema);
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    default:
      throw new Error(`instances of type ${String(schema.type)} are not made`);
  }
}

function objectOf({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, schema]) => [name, instanceOf(schema)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required], noNullPrototype: true });
}

function wholeOf({ minimum = -(2 ** 31), exclusiveMinimum = -Infinity, maximum = 2 ** 31 - 1 }: JsonSchema): fc.Arbitrary<number> {
  return fc.integer({ min: Math.max(minimum, exclusiveMinimum + 1), max: maximum });
}

function textOf({ format, minLength = 0, maxLength = 30 }: JsonSchema): fc.Arbitrary<string> {
  switch (format) {
    case undefined:
      return fc.string({ minLength, maxLength, size: 'max' });
    case 'uuid':
      return fc.uuid({ version: [1, 4, 5, 7] });
    case 'date-time':
      return fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString());
    default:
      throw new Error(`instances of format ${format} are not made`);
  }
}
