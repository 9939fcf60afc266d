import fc from 'fast-check';
import { breakingChanges } from './breaking-changes.ts';
import type { JsonSchema } from './event-schemas.ts';
import { instanceOf } from './testing/instance-of.ts';
import { newAjv } from './testing/validators.ts';

const NAMES = ['a', 'b', 'c'];
const ajv = newAjv();

const text = fc.record({ minLength: fc.integer({ min: 0, max: 2 }), maxLength: fc.integer({ min: 2, max: 4 }) }).map((bounds): JsonSchema => ({ type: 'string', ...bounds }));
const whole = fc
  .record({ minimum: fc.integer({ min: 0, max: 2 }), maximum: fc.integer({ min: 2, max: 4 }) }, { requiredKeys: [] })
  .map((bounds): JsonSchema => ({ type: 'integer', ...bounds }));
const choice = fc.subarray(['x', 'y', 'z'], { minLength: 1 }).map((values): JsonSchema => ({ type: 'string', enum: values }));
const leaf = fc.oneof(text, whole, choice, fc.constant<JsonSchema>({ type: 'boolean' }), fc.constant<JsonSchema>({ type: 'string', format: 'uuid' }));

function objectSchema(member: fc.Arbitrary<JsonSchema>): fc.Arbitrary<JsonSchema> {
  const members = fc.subarray(NAMES).chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, member])), { noNullPrototype: true }));
  return members.chain((properties) => fc.subarray(Object.keys(properties)).map((required): JsonSchema => ({ type: 'object', properties, required })));
}

const member = fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: objectSchema(leaf) });

const edit = fc.record({ name: fc.constantFrom(...NAMES), does: fc.constantFrom('tune', 'tune', 'replace', 'remove', 'require', 'relax'), text, whole, choice, other: member });
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

/** A schema and its next version: some properties with other bounds or values, replaced, gone, new, required or no longer required. */
const versions = fc.tuple(objectSchema(member), fc.array(edit, { minLength: 1, maxLength: 2 })).map(([before, edits]): [JsonSchema, JsonSchema] => [before, edits.reduce(edited, before)]);

function edited({ properties = {}, required = [], ...schema }: JsonSchema, { name, does, other, ...alike }: Edit): JsonSchema {
  const without = required.filter((needed) => needed !== name);
  switch (does) {
    case 'tune':
      return { ...schema, properties: { ...properties, [name]: tuned(properties[name], alike) ?? other }, required };
    case 'replace':
      return { ...schema, properties: { ...properties, [name]: other }, required };
    case 'remove':
      return { ...schema, properties: Object.fromEntries(Object.entries(properties).filter(([kept]) => kept !== name)), required: without };
    case 'require':
      return { ...schema, properties: { [name]: other, ...properties }, required: [...without, name] };
    default:
      return { ...schema, properties, required: without };
  }
}

/** One of the same kind. */
function tuned(schema: JsonSchema | undefined, { text, whole, choice }: Pick<Edit, 'text' | 'whole' | 'choice'>): JsonSchema | undefined {
  if (schema?.enum) return choice;
  if (schema?.type === 'integer') return whole;
  return schema?.maxLength === undefined ? schema : text;
}

const breaks = (whom: 'consumers' | 'older messages', before: JsonSchema, after: JsonSchema): boolean =>
  breakingChanges({ t: before }, { t: after }).some((change) => change.breaks === whom || change.breaks === 'both');

test('what breaks no consumer: every message of the new version is valid by the old schema', () => {
  fc.assert(
    fc.property(versions, fc.gen(), ([before, after], pick) => {
      fc.pre(!breaks('consumers', before, after));
      const valid = ajv.compile(before);
      expect([valid(pick(instanceOf, after)), valid.errors]).toEqual([true, null]);
    }),
    { numRuns: 300 },
  );
});

test('what breaks no older message: every message of the old version is valid by the new schema', () => {
  fc.assert(
    fc.property(versions, fc.gen(), ([before, after], pick) => {
      fc.pre(!breaks('older messages', before, after));
      const valid = ajv.compile(after);
      expect([valid(pick(instanceOf, before)), valid.errors]).toEqual([true, null]);
    }),
    { numRuns: 300 },
  );
});
