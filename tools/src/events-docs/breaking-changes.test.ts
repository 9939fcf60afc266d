import { breakingChanges } from './breaking-changes.ts';
import type { JsonSchema } from './event-schemas.ts';

const object = (properties: Record<string, JsonSchema>, required: string[], more: JsonSchema = {}): JsonSchema => ({ type: 'object', properties, required, ...more });
const A: JsonSchema = { type: 'integer', minimum: 0, maximum: 9 };
const B: JsonSchema = { type: 'string', enum: ['x', 'y'] };
const BEFORE = object({ a: A, b: B, c: { type: 'string', maxLength: 5 } }, ['a', 'b']);

const changesTo = (after: JsonSchema, before = BEFORE) => breakingChanges({ t: before }, { t: after }).map(({ path, change, what, breaks }) => [path, change, what, breaks]);
const withProperty = (name: string, schema: JsonSchema, required = ['a', 'b']): JsonSchema => object({ ...BEFORE.properties, [name]: schema }, required);

test.each<[string, JsonSchema]>([
  ['nothing', BEFORE],
  ['a new optional property', withProperty('d', { type: 'string' })],
  ['another title, description or order of required properties', { ...BEFORE, title: 'T', description: 'D', required: ['b', 'a'] }],
])('additive: %s', (_, after) => {
  expect(changesTo(after)).toEqual([]);
});

test('a new type is additive, a removed one is not', () => {
  expect(breakingChanges({}, { t: BEFORE })).toEqual([]);
  expect(breakingChanges({ t: BEFORE }, {})).toEqual([{ path: 't', change: 'type removed', what: 't', breaks: 'consumers' }]);
});

test.each<[string, JsonSchema, [path: string, change: string, what: string, breaks: string]]>([
  ['optional property removed', object({ a: A, b: B }, ['a', 'b']), ['t/c', 'property removed', 'c', 'consumers']],
  ['new required property', withProperty('d', { type: 'string' }, ['a', 'b', 'd']), ['t/d', 'property required', 'd', 'older messages']],
  ['optional property required', { ...BEFORE, required: ['a', 'b', 'c'] }, ['t/c', 'property required', 'c', 'older messages']],
  ['required property optional', { ...BEFORE, required: ['a'] }, ['t/b', 'property no longer required', 'b', 'consumers']],
  ['another type', withProperty('a', { type: 'number', minimum: 0, maximum: 9 }), ['t/a', 'changed', 'type', 'both']],
  ['value removed', withProperty('b', { type: 'string', enum: ['x'] }), ['t/b', 'value removed', 'y', 'older messages']],
  ['value added', withProperty('b', { type: 'string', enum: ['x', 'y', 'z'] }), ['t/b', 'value added', 'z', 'consumers']],
  ['any value', withProperty('b', { type: 'string' }), ['t/b', 'wider', 'enum', 'consumers']],
  ['some values only', withProperty('c', { type: 'string', maxLength: 5, enum: ['x'] }), ['t/c', 'narrower', 'enum', 'older messages']],
  ['upper bound down', withProperty('a', { type: 'integer', minimum: 0, maximum: 8 }), ['t/a', 'narrower', 'maximum', 'older messages']],
  ['upper bound gone', withProperty('a', { type: 'integer', minimum: 0 }), ['t/a', 'wider', 'maximum', 'consumers']],
  ['lower bound up', withProperty('a', { type: 'integer', minimum: 1, maximum: 9 }), ['t/a', 'narrower', 'minimum', 'older messages']],
  ['lower bound down', withProperty('a', { type: 'integer', minimum: -1, maximum: 9 }), ['t/a', 'wider', 'minimum', 'consumers']],
  ['longer', withProperty('c', { type: 'string', maxLength: 6 }), ['t/c', 'wider', 'maxLength', 'consumers']],
  ['new lower bound of length', withProperty('c', { type: 'string', maxLength: 5, minLength: 1 }), ['t/c', 'narrower', 'minLength', 'older messages']],
  ['a format', withProperty('c', { type: 'string', maxLength: 5, format: 'uuid' }), ['t/c', 'changed', 'format', 'both']],
  ['a keyword not known here', withProperty('c', { type: 'string', maxLength: 5, not: {} }), ['t/c', 'changed', 'not', 'both']],
])('breaks: %s', (_, after, change) => {
  expect(changesTo(after)).toEqual([change]);
});

test('a value that is constant is compared like an enumeration of one', () => {
  const constant = (value: string): JsonSchema => ({ type: 'string', const: value });
  expect(changesTo(constant('1.0'), constant('1.0'))).toEqual([]);
  expect(changesTo(constant('1.1'), constant('1.0'))).toEqual([['t', 'value removed', '1.0', 'older messages'], ['t', 'value added', '1.1', 'consumers']]);
});

test('what lies deeper is found', () => {
  const deep = (maximum: number): JsonSchema => object({ data: object({ more: object({ n: { type: 'integer', maximum } }, []) }, []) }, []);
  expect(changesTo(deep(2), deep(1))).toEqual([['t/data/more/n', 'wider', 'maximum', 'consumers']]);
});

test('an object that was closed takes no new property', () => {
  const closed = object({}, [], { additionalProperties: false });
  expect(changesTo(object({ a: { type: 'string' } }, [], { additionalProperties: false }), closed)).toEqual([['t/a', 'property added to a closed object', 'a', 'consumers']]);
});
