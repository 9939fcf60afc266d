import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DiscadorError } from '@discador/contracts/discador-error';
import { parse } from 'yaml';
import { z } from 'zod';

/** Settings every service has. Apps extend this object; key `httpPort` is the variable `HTTP_PORT`. */
export const serviceSettings = z.strictObject({
  httpHost: z.string().min(1).default('127.0.0.1'),
  httpPort: z.coerce.number().int().min(0).max(65535),
  replica: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/).default('1'),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  shutdownGraceSec: z.coerce.number().int().min(1).max(600).default(28),
  otelExporterOtlpEndpoint: z.url().optional(),
});

/** A comma separated list in a variable, a list in YAML. */
export const listOf = (item: z.ZodType<string>) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value), z.array(item).min(1));

export const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
export const redisUrl = z.url({ protocol: /^rediss?$/ });
export const amqpUrl = z.url({ protocol: /^amqps?$/ });
export const amiUrl = z.url({ protocol: /^tcp$/ }).refine(namesUser, 'must read tcp://user:secret@host:port');
export const ariUrl = z.url({ protocol: /^https?$/ }).refine(namesUser, 'must read http://user:secret@host:port');
export const pbxName = z.string().regex(/^[a-z0-9-]{1,40}$/);

function namesUser(url: string): boolean {
  return URL.canParse(url) && new URL(url).username !== '';
}

export interface SettingsSource {
  /** the app's folder of YAML files: `default.yaml` and one per environment */
  configDir: URL;
  env: NodeJS.ProcessEnv;
}

/** Reads and checks settings: YAML defaults < YAML of the environment (`DISCADOR_ENV`) < variables < `<VARIABLE>_FILE` secrets.
 *  @throws DiscadorError `configuration`, naming each bad setting and its variable, never a value */
export function loadSettings<S extends z.ZodObject>(schema: S, source: SettingsSource): Readonly<z.infer<S>> {
  const environment = source.env['DISCADOR_ENV'] ?? 'local';
  const merged: Record<string, unknown> = {
    ...readYaml(new URL('default.yaml', source.configDir)),
    ...readYaml(new URL(`${environment}.yaml`, source.configDir)),
  };
  for (const key of Object.keys(schema.shape)) {
    const given = fromEnvironment(variableOf(key), source.env);
    if (given !== undefined) merged[key] = given;
  }
  const result = schema.safeParse(merged);
  if (!result.success) throw new DiscadorError('configuration', describe(result.error));
  return Object.freeze(result.data);
}

/** `httpPort` → `HTTP_PORT`. */
export function variableOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function fromEnvironment(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = env[`${name}_FILE`];
  if (file) {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      throw new DiscadorError('configuration', `${name}_FILE: the file cannot be read`);
    }
  }
  return env[name] === '' ? undefined : env[name];
}

function readYaml(url: URL): Record<string, unknown> {
  if (!existsSync(url)) return {};
  const path = fileURLToPath(url);
  let content: unknown;
  try {
    content = parse(readFileSync(url, 'utf8')) ?? {};
  } catch {
    throw new DiscadorError('configuration', `${path}: not valid YAML`);
  }
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new DiscadorError('configuration', `${path}: must hold settings as "name: value"`);
  }
  return content as Record<string, unknown>;
}

function describe(error: z.ZodError): string {
  const lines = error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `unknown setting ${issue.keys.join(', ')}`;
    const key = String(issue.path[0] ?? '');
    return `${key} (${variableOf(key)}): ${issue.message}`;
  });
  return `wrong settings: ${lines.join('; ')}`;
}
