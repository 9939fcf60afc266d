import fc from 'fast-check';
import { breakingChanges } from './breaking-changes.ts';
import type { JsonSchema } from './event-schemas.ts';
import { instanceOf } from './testing/instance-of.ts';
import { validatorOf } from './testing/validators.ts';

const NAMES = ['a', 'b', 'c'];

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

const schema = objectSchema(fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: objectSchema(leaf) }));
/** Another schema that mostly shares members with the first, as versions do. */
const versions = schema.chain((before) =>
  fc.tuple(fc.constant(before), schema, fc.subarray(NAMES)).map(([old, other, kept]): [JsonSchema, JsonSchema] => {
    const same = Object.entries(old.properties ?? {}).filter(([name]) => kept.includes(name));
    const properties = { ...other.properties, ...Object.fromEntries(same) };
    const required = Object.keys(properties).filter((name) => (kept.includes(name) ? old : other).required?.includes(name) && name in properties);
    return [old, { type: 'object', properties, required }];
  }),
);

const breaks = (whom: 'consumers' | 'older messages', before: JsonSchema, after: JsonSchema): boolean =>
  breakingChanges({ t: before }, { t: after }).some((change) => change.breaks === whom || change.breaks === 'both');

test('what breaks no consumer: every message of the new version is valid by the old schema', () => {
  fc.assert(
    fc.property(versions, fc.gen(), ([before, after], pick) => {
      fc.pre(!breaks('consumers', before, after));
      const valid = validatorOf(before);
      expect([valid(pick(instanceOf, after)), valid.errors]).toEqual([true, null]);
    }),
    { numRuns: 60 },
  );
});

test('what breaks no older message: every message of the old version is valid by the new schema, where it has what the old one had', () => {
  fc.assert(
    fc.property(versions, fc.gen(), ([before, after], pick) => {
      fc.pre(!breaks('older messages', before, after));
      const valid = validatorOf(after);
      expect([valid(pick(instanceOf, before)), valid.errors]).toEqual([true, null]);
    }),
    { numRuns: 60 },
  );
});
