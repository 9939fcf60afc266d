import { readFileSync } from 'node:fs';
import { asyncApiYaml } from './asyncapi.ts';
import { eventSchemas } from './event-schemas.ts';
import { readDocument, schemaFile } from './files.ts';
import { fillPage } from './page.ts';

/** Everything that is generated below `docs/`, by path. The same from the same sources, every time. */
export function eventDocuments(): Record<string, string> {
  const schemas = Object.entries(eventSchemas()).map(([type, schema]) => [`events/schemas/${schemaFile(type)}`, toText(schema)]);
  return { ...Object.fromEntries(schemas), 'events/asyncapi.yaml': asyncApiYaml(productVersion()), 'events.md': fillPage(readDocument('events.md')) };
}

export const toText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export function productVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
