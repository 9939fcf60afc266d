import { isDeepStrictEqual } from 'node:util';
import type { EventJsonSchemas, JsonSchema } from './event-schemas.ts';

/** What a change breaks: consumers that validate new messages by the old schema, or our own readers of what was published before, which
 *  still lies in queues, in recordings, or comes from replicas not yet upgraded. */
type Breaks = 'consumers' | 'older messages' | 'both';

export interface BreakingChange {
  /** e.g. `call.ended/data/cause` */
  path: string;
  change:
    | 'type removed'
    | 'property removed'
    | 'property no longer required'
    | 'property required'
    | 'property added to a closed object'
    | 'value added'
    | 'value removed'
    | 'wider'
    | 'narrower'
    | 'changed';
  /** the value or keyword that it is about */
  what: string;
  breaks: Breaks;
}

const ANNOTATIONS = new Set(['$schema', '$id', 'title', 'description', 'examples', 'default']);
const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength'] as const;
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength'] as const;
const COMPARED = new Set<string>(['properties', 'required', 'const', 'enum', ...LOWER_BOUNDS, ...UPPER_BOUNDS]);

/** Every change between two versions that is not additive: new types and new optional properties are all that may come.
 *  Keywords that it does not know must stay as they were. */
export function breakingChanges(before: EventJsonSchemas, after: EventJsonSchemas): BreakingChange[] {
  return Object.entries(before).flatMap(([type, old]) => {
    const next = after[type];
    return next ? compare(type, old, next) : [{ path: type, change: 'type removed', what: type, breaks: 'consumers' }];
  });
}

function compare(path: string, old: JsonSchema, next: JsonSchema): BreakingChange[] {
  return [...valueChanges(path, old, next), ...boundChanges(path, old, next), ...otherChanges(path, old, next), ...propertyChanges(path, old, next)];
}

function valueChanges(path: string, old: JsonSchema, next: JsonSchema): BreakingChange[] {
  const [was, is] = [valuesOf(old), valuesOf(next)];
  if (!was && !is) return [];
  if (!was) return [{ path, change: 'narrower', what: 'enum', breaks: 'older messages' }];
  if (!is) return [{ path, change: 'wider', what: 'enum', breaks: 'consumers' }];
  const removed = was.filter((value) => !is.includes(value));
  const added = is.filter((value) => !was.includes(value));
  return [
    ...removed.map((value) => ({ path, change: 'value removed', what: String(value), breaks: 'older messages' }) as const),
    ...added.map((value) => ({ path, change: 'value added', what: String(value), breaks: 'consumers' }) as const),
  ];
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  return schema.const === undefined ? schema.enum : [schema.const];
}

function boundChanges(path: string, old: JsonSchema, next: JsonSchema): BreakingChange[] {
  const moves: [keyword: string, narrowedBy: number][] = [
    ...LOWER_BOUNDS.map((keyword): [string, number] => [keyword, difference(next[keyword] ?? -Infinity, old[keyword] ?? -Infinity)]),
    ...UPPER_BOUNDS.map((keyword): [string, number] => [keyword, difference(old[keyword] ?? Infinity, next[keyword] ?? Infinity)]),
  ];
  return moves.flatMap(([what, narrowedBy]): BreakingChange[] => {
    if (narrowedBy === 0) return [];
    return [narrowedBy > 0 ? { path, change: 'narrower', what, breaks: 'older messages' } : { path, change: 'wider', what, breaks: 'consumers' }];
  });
}

/** Two that are infinite alike do not differ. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function otherChanges(path: string, old: JsonSchema, next: JsonSchema): BreakingChange[] {
  const keywords = new Set([...Object.keys(old), ...Object.keys(next)].filter((keyword) => !ANNOTATIONS.has(keyword) && !COMPARED.has(keyword)));
  const changed = [...keywords].filter((keyword) => !isDeepStrictEqual(old[keyword], next[keyword]));
  return changed.map((what) => ({ path, change: 'changed', what, breaks: 'both' }));
}

function propertyChanges(path: string, old: JsonSchema, next: JsonSchema): BreakingChange[] {
  const [was, is] = [old.properties ?? {}, next.properties ?? {}];
  const [needed, needs] = [new Set(old.required), new Set(next.required)];
  const kept = Object.entries(was).flatMap(([name, schema]): BreakingChange[] => {
    const here = { path: `${path}/${name}`, what: name };
    const now = is[name];
    if (!now) return [{ ...here, change: 'property removed', breaks: 'consumers' }];
    const changes = compare(here.path, schema, now);
    if (needed.has(name) && !needs.has(name)) changes.push({ ...here, change: 'property no longer required', breaks: 'consumers' });
    if (!needed.has(name) && needs.has(name)) changes.push({ ...here, change: 'property required', breaks: 'older messages' });
    return changes;
  });
  const added = Object.keys(is).filter((name) => !(name in was));
  return [...kept, ...added.flatMap((name) => additionChanges(`${path}/${name}`, name, needs.has(name), old.additionalProperties !== undefined))];
}

function additionChanges(path: string, what: string, required: boolean, closed: boolean): BreakingChange[] {
  return [
    ...(required ? [{ path, change: 'property required', what, breaks: 'older messages' } as const] : []),
    ...(closed ? [{ path, change: 'property added to a closed object', what, breaks: 'consumers' } as const] : []),
  ];
}
