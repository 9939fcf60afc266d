import fc from 'fast-check';
import { parseEvent } from '@discador/contracts/events/catalogue';
import { breakingChanges } from './breaking-changes.ts';
import { eventSchemas } from './event-schemas.ts';
import { allowedValues, lastRelease } from './files.ts';
import { instanceOf } from './testing/instance-of.ts';
import { validatorsOf } from './testing/validators.ts';

const current = eventSchemas();
const released = lastRelease();
const allowed = allowedValues();

test('there is a release to compare with', () => {
  expect(released.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Object.keys(released.schemas).length).toBeGreaterThan(0);
});

test('nothing changed since the last release but by addition; values that were added are each allowed for a reason', () => {
  const changes = breakingChanges(released.schemas, current);
  const added = changes.filter(({ change }) => change === 'value added').map(({ path, what }) => `${path}: ${what}`);
  expect(changes.filter(({ change }) => change !== 'value added')).toEqual([]);
  expect(added.sort()).toEqual(allowed.map(({ path, value }) => `${path}: ${value}`).sort());
  expect(allowed.filter(({ reason }) => reason.length < 10)).toEqual([]);
});

test('whatever the schemas of today allow, the code reads, and a consumer with the schemas of the last release too, but for the values allowed', () => {
  const [now, before] = [validatorsOf(current), validatorsOf(released.schemas)];
  for (const [type, schema] of Object.entries(current)) {
    const comparable = !allowed.some(({ path }) => path.startsWith(`${type}/`));
    fc.assert(
      fc.property(instanceOf(schema), (message) => {
        expect(now.get(type)?.(message)).toBe(true);
        if (comparable) expect(before.get(type)?.(message) ?? true).toBe(true);
        expect(parseEvent(message)).toEqual(message);
      }),
      { numRuns: 20 },
    );
  }
});

test('what the schema asks for, the code does too: without a required field neither takes the message', () => {
  const now = validatorsOf(current);
  for (const [type, schema] of Object.entries(current)) {
    const [message] = fc.sample(instanceOf(schema), 1) as [Record<string, Record<string, unknown>>];
    const data = schema.properties?.['data'];
    for (const name of [...(schema.required ?? []), ...(data?.required ?? []).map((field) => `data.${field}`)]) {
      const broken = structuredClone(message);
      if (name.startsWith('data.')) delete broken['data']?.[name.slice('data.'.length)];
      else delete broken[name];
      expect([name, now.get(type)?.(broken)]).toEqual([name, false]);
      expect(() => parseEvent(broken)).toThrow();
    }
  }
});
