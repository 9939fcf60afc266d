import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EVENT_TYPES, parseEvent, routingKeyOf } from '@discador/contracts/events/catalogue';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { compactJson } from './compact-json.ts';
import { eventDocuments } from './documents.ts';
import { eventSchema, eventSchemas, type JsonSchema } from './event-schemas.ts';
import { DOCS, readDocument, readExample } from './files.ts';
import { fillPage } from './page.ts';
import { validatorsOf } from './testing/validators.ts';

const validators = validatorsOf(eventSchemas());

test('the committed documents are what `npm run events:docs` writes', () => {
  const documents = eventDocuments();
  for (const [path, text] of Object.entries(documents)) expect([path, readDocument(path)]).toEqual([path, text]);
  const files = readdirSync(new URL('events/schemas/', DOCS)).map((name) => `events/schemas/${name}`);
  expect(files.filter((file) => !(file in documents))).toEqual([]);
});

test('every type and every field is described', () => {
  const undescribed = (path: string, schema: JsonSchema): string[] => {
    const members = Object.entries(schema.properties ?? {});
    const own = schema.description || path.endsWith('/data') ? [] : [path];
    return [...own, ...members.flatMap(([name, member]) => undescribed(`${path}/${name}`, member))];
  };
  expect(EVENT_TYPES.flatMap((type) => undescribed(type, eventSchema(type)))).toEqual([]);
});

test.each(EVENT_TYPES)('the example of %s is one', (type) => {
  const example = readExample(type);
  const valid = validators.get(type);
  expect([valid?.(example), valid?.errors]).toEqual([true, null]);
  expect(parseEvent(example)).toEqual(example);
  expect(example['type']).toBe(type);
});

test('there are no examples of other types', () => {
  expect(readdirSync(new URL('events/examples/', DOCS)).sort()).toEqual(EVENT_TYPES.map((type) => `${type}.json`).sort());
});

interface AsyncApi {
  channels: Record<string, { address: string; parameters: Record<string, { enum?: string[] }>; messages: Record<string, unknown> }>;
}

describe('asyncapi.yaml', () => {
  const text = readDocument('events/asyncapi.yaml');
  const document = parse(text) as AsyncApi;

  test('is valid by the official schema of AsyncAPI 3.0.0', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const file = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json');
    const valid = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    expect([valid(document), valid.errors]).toEqual([true, null]);
  });

  test('points at nothing that is not there', () => {
    const targets = [...text.matchAll(/\$ref: "?([^"\n]+)"?/g)].map((match) => match[1] ?? '');
    const found = (target: string): unknown =>
      target.startsWith('#/') ? target.slice(2).split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document) : readDocument(`events/${target}`);
    expect(targets.length).toBeGreaterThan(3 * EVENT_TYPES.length);
    expect(targets.filter((target) => !found(target))).toEqual([]);
  });

  test('has a channel for the routing key of every example', () => {
    for (const type of EVENT_TYPES) {
      const [family = '', what = '', whom = ''] = routingKeyOf(parseEvent(readExample(type))).split('.');
      const channel = document.channels[family];
      expect([type, channel?.parameters['what']?.enum]).toEqual([type, expect.arrayContaining([what])]);
      expect(channel?.address.split('.')).toHaveLength(3);
      expect(Object.keys(channel?.parameters ?? {}).map((name) => `{${name}}`)).toEqual(channel?.address.split('.').slice(1));
      expect(whom).toMatch(/^[\w-]+$/);
    }
  });
});

test.each(['consumer.ts', 'consumer.py'])('%s has at most 20 lines', (file) => {
  expect(readDocument(`events/${file}`).trimEnd().split('\n').length).toBeLessThanOrEqual(20);
});

test('a marker that names no part, or a part without a marker, stops the generator', () => {
  const page = readDocument('events.md');
  expect(() => fillPage(page.replace('generated: envelope', 'generated: letter'))).toThrow('letter');
  expect(() => fillPage(page.replace('<!-- generated: envelope -->', ''))).toThrow('envelope');
});

test('JSON for readers is the same JSON', () => {
  const value = { a: 1, b: 'x'.repeat(130), c: { d: [1, 'two'], e: {} }, f: null };
  expect(JSON.parse(compactJson(value))).toEqual(value);
  expect(compactJson({ a: 1, b: 2, c: { d: 3 } })).toBe('{\n  "a": 1, "b": 2,\n  "c": {\n    "d": 3\n  }\n}');
});
