import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { EventJsonSchemas, JsonSchema } from './event-schemas.ts';

export const DOCS = new URL('../../../docs/', import.meta.url);
const RELEASED = new URL('events/released/', DOCS);
const SCHEMA_SUFFIX = '.schema.json';

export const readDocument = (path: string): string => readFileSync(new URL(path, DOCS), 'utf8');

export const schemaFile = (type: string): string => `${type}${SCHEMA_SUFFIX}`;

/** An event of the type, as it was or could have been on the bus. */
export function readExample(type: string): Record<string, unknown> {
  return JSON.parse(readDocument(`events/examples/${type}.json`)) as Record<string, unknown>;
}

/** The schemas of the last release.
 *  @returns its version, and them by type */
export function lastRelease(): { version: string; schemas: EventJsonSchemas } {
  const version = readdirSync(RELEASED).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? '';
  return { version, schemas: readSchemas(new URL(`${version}/`, RELEASED)) };
}

/** @returns the schemas in a folder by type; none when there is no such folder */
export function readSchemas(folder: URL): EventJsonSchemas {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(names.map((name) => [name.slice(0, -SCHEMA_SUFFIX.length), JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as JsonSchema]));
}

/** Values that were added to an enumeration although consumers may not know them, each with the reason. */
export function allowedValues(): { path: string; value: string; reason: string }[] {
  return JSON.parse(readDocument('events/allowed-values.json')) as { path: string; value: string; reason: string }[];
}

export const releaseFolder = (version: string): URL => new URL(`${version}/`, RELEASED);
