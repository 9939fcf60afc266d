import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSettings, variableOf } from '@discador/runtime/settings';
import { z } from 'zod';
import { REPO_ROOT } from '../stack/home.ts';
import { LEAN } from '../stack/service-processes.ts';

/** An app as those see it who start it: its own schema of settings, and the folder of its defaults. */
export interface AppSettings {
  app: string;
  schema: z.ZodObject;
  configDir: URL;
}

/** @returns null when there is no such app */
export async function settingsOf(app: string): Promise<AppSettings | null> {
  const folder = join(REPO_ROOT, 'apps', app);
  const file = join(folder, 'src', 'settings.ts');
  if (!existsSync(file)) return null;
  const exported = Object.values((await import(pathToFileURL(file).href)) as Record<string, unknown>);
  const schema = exported.find((one) => one instanceof z.ZodObject);
  if (!schema) throw new Error(`${file} exports no schema`);
  return { app, schema, configDir: pathToFileURL(`${join(folder, 'config')}/`) };
}

/** Variables that are not an app's own settings, but Node's or the settings loader's. */
const OF_THE_PROCESS = new Set(['DISCADOR_ENV', 'MALLOC_ARENA_MAX', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ', 'LANG', 'PATH', 'HOME']);

/** Reads an environment as the app itself would at its start.
 *  @param parts  variables that are only parts of others
 *  @returns what is wrong with it: a setting that is missing, wrong, or not known to the app; and the settings, when they can be read */
export function tryEnvironment({ schema, configDir }: AppSettings, env: Record<string, string>, parts: ReadonlySet<string> = new Set()): { says: string[]; settings: Record<string, unknown> | null } {
  const known = new Set(Object.keys(schema.shape).flatMap((key) => [variableOf(key), `${variableOf(key)}_FILE`]));
  const unknown = Object.keys(env).filter((name) => !known.has(name) && !OF_THE_PROCESS.has(name) && !parts.has(name));
  const says = unknown.map((name) => `${name} is no setting of it`);
  try {
    const settings = loadSettings(schema, { configDir, env });
    return { says: [...says, ...lengths(settings)], settings };
  } catch (error) {
    return { says: [...says, error instanceof Error ? error.message : String(error)], settings: null };
  }
}

/** The n-th PBX and the n-th address belong together. */
function lengths(settings: Record<string, unknown>): string[] {
  const { pbxName } = settings;
  if (!Array.isArray(pbxName)) return [];
  return ['amiUrl', 'ariUrl'].flatMap((key) => {
    const list = settings[key];
    return Array.isArray(list) && list.length !== pbxName.length ? [`${key} has ${list.length} addresses for ${pbxName.length} PBXs`] : [];
  });
}

/** What keeps a service's memory small here must do so elsewhere.
 *  @param args  Node's flags among them
 *  @returns what the local stack gives it and this does not */
export function missingLeanness(app: string, args: readonly string[], env: Readonly<Record<string, string>>): string[] {
  if (app !== 'ari-monitor') return [];
  return [
    ...LEAN.flags.filter((flag) => !args.includes(flag)).map((flag) => `is started without ${flag}, unlike the one of the local stack`),
    ...Object.entries(LEAN.env).filter(([name, value]) => env[name] !== value).map(([name, value]) => `has no ${name}=${value}, unlike the one of the local stack`),
  ];
}
