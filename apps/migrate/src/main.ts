import { migrate } from '@discador/postgres/migrate';
import { loadSettings } from '@discador/runtime/settings';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { migrateSettings } from './settings.ts';

/** Applies what is missing, once, and ends: the container of the migration Job. The services themselves never change the schema. */
try {
  const { databaseUrl } = loadSettings(migrateSettings, { configDir: new URL('../config/', import.meta.url), env: process.env });
  const { applied } = await migrate(databaseUrl);
  process.stdout.write(`${JSON.stringify({ app: 'migrate', applied, msg: applied.length > 0 ? 'schema brought up to date' : 'schema was up to date' })}\n`);
} catch (error) {
  process.exitCode = exitCodeOf(error);
  const { message, stack, code } = error as Error & { code?: string };
  process.stderr.write(`migrate: ${process.exitCode === EXIT.failed ? stack : message || code}\n`); // of several addresses, all refused, only the code tells
}
