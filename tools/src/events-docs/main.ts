import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import { eventDocuments, productVersion, toText } from './documents.ts';
import { eventSchemas } from './event-schemas.ts';
import { DOCS, readSchemas, releaseFolder, schemaFile } from './files.ts';

async function main(): Promise<void> {
  const { release } = new Command('npm run events:docs --')
    .description('Writes the JSON Schemas, the AsyncAPI document and the generated parts of docs/events.md from the schemas of the events')
    .option('--release', 'also keep the schemas as those of this version, with which later ones are compared', false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
    .parse()
    .opts<{ release: boolean }>();
  const documents = eventDocuments();
  emptyFolder(new URL('events/schemas/', DOCS));
  for (const [path, text] of Object.entries(documents)) writeFileSync(new URL(path, DOCS), text);
  if (release) keepRelease(productVersion());
}

/** @throws StackError when other schemas were released under this version */
function keepRelease(version: string): void {
  const folder = releaseFolder(version);
  const [kept, schemas] = [readSchemas(folder), eventSchemas()];
  if (Object.keys(kept).length > 0 && !isDeepStrictEqual(kept, structuredClone(schemas))) {
    throw new StackError(`docs/events/released/${version} holds other schemas: raise the version in package.json, or remove the folder if nobody has that version`, EXIT.failed);
  }
  emptyFolder(folder);
  for (const [type, schema] of Object.entries(schemas)) writeFileSync(new URL(schemaFile(type), folder), toText(schema));
  writeFileSync(new URL('events/allowed-values.json', DOCS), toText([])); // released with the rest
}

function emptyFolder(folder: URL): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

runAsMain(import.meta.url, main);
