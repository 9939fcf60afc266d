import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { missingLeanness, settingsOf, tryEnvironment } from './app-settings.ts';
import type { Finding } from './kube-object.ts';

const SECRETS = '/run/secrets';
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const serviceSchema = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string(), network: z.string().optional(), args: z.record(z.string(), z.string().nullable()).optional() }).optional(),
  profiles: z.array(z.enum(['demo', 'observability'])).optional(),
  restart: z.enum(['no', 'on-failure', 'unless-stopped']),
  read_only: z.literal(true, 'must be true: nothing but volumes is written to'),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  user: z.string().optional(),
  hostname: z.string().optional(),
  network_mode: z.literal('none').optional(),
  shm_size: z.string().optional(),
  stop_signal: z.string().optional(),
  stop_grace_period: z.string().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), text).default({}),
  tmpfs: z.array(z.string()).default([]),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:/, 'must be published on 127.0.0.1 only')).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.strictObject({ test: z.array(z.string()).optional(), disable: z.boolean().optional(), interval: z.string().optional(), timeout: z.string().optional(), start_period: z.string().optional(), retries: z.number().optional() }).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) })).default({}),
});

const fileSchema = z.object({ name: z.string(), services: z.record(z.string(), serviceSchema), volumes: z.record(z.string(), z.strictObject({})) });

type Service = z.infer<typeof serviceSchema>;
type ComposeFile = z.infer<typeof fileSchema>;

/** Checks a compose file: its shape, what each part refers to, and the environment of each of our services against its own settings schema. Secrets
 *  are those that its own script makes.
 *  @param file  where it lies: paths in it are relative to that */
export async function checkCompose(file: string, content: string, makeSecrets: string): Promise<Finding[]> {
  const parsed = fileSchema.safeParse(parse(content, { merge: true }));
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => ({ at: `compose.yaml: ${path.join('.')}`, says: message }));
  const folder = mkdtempSync(join(tmpdir(), 'discador-secrets-'));
  try {
    execFileSync('sh', [makeSecrets, folder]);
    const found = Object.entries(parsed.data.services).map(async ([name, service]) => {
      const says = [...references(name, service, parsed.data, dirname(file)), ...pinned(service), ...secretFiles(service, folder), ...(await settings(service, folder))];
      return says.map((one) => ({ at: `compose.yaml: ${name}`, says: one }));
    });
    return (await Promise.all(found)).flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function references(name: string, service: Service, { services, volumes }: ComposeFile, folder: string): string[] {
  const needed = Object.entries(service.depends_on).flatMap(([other, { condition }]) => {
    const there = services[other];
    if (!there) return [`depends on ${other}, which is not there`];
    if (there.profiles && !there.profiles.some((profile) => service.profiles?.includes(profile))) return [`depends on ${other}, which is only there in a profile`];
    if (condition === 'service_completed_successfully' && there.restart === 'unless-stopped') return [`waits for the end of ${other}, which never ends`];
    if (condition === 'service_healthy' && there.healthcheck?.disable) return [`waits for the health of ${other}, which nobody asks for`];
    return [];
  });
  const mounted = service.volumes.map((mount) => mount.split(':')[0] ?? '').flatMap((source) => {
    if (source.startsWith('.')) return existsSync(join(folder, source)) ? [] : [`mounts ${source}, which is not there`];
    return volumes[source] ? [] : [`mounts ${source}, which is no volume`];
  });
  const built = service.build ? builds(service.build, folder) : [];
  const ends = service.restart === 'unless-stopped' && !service.build && !service.healthcheck ? [`has no health check, so that up --wait does not wait for ${name}`] : [];
  return [...needed, ...mounted, ...built, ...ends];
}

/** An argument that a Dockerfile does not ask for is dropped by the builder without an error. */
function builds({ context, dockerfile, args = {} }: NonNullable<Service['build']>, folder: string): string[] {
  const file = join(folder, context, dockerfile);
  if (!existsSync(file)) return [`is built by ${dockerfile}, which is not there`];
  const asked = new Set([...readFileSync(file, 'utf8').matchAll(/^ARG (\w+)/gm)].map((match) => match[1]));
  return Object.keys(args).filter((name) => !asked.has(name)).map((name) => `is built with ${name}, for which ${dockerfile} does not ask`);
}

/** Images of others by an exact version; ours by the tag that was asked for. */
function pinned({ image, build }: Service): string[] {
  if (build || image.startsWith('${DISCADOR_REGISTRY')) return [];
  return /:v?\d+\.\d+(\.\d+)?[\w.-]*$/.test(image) ? [] : [`image ${image} is another one tomorrow`];
}

function secretFiles({ environment, volumes }: Service, folder: string): string[] {
  const files = Object.values(environment).filter((value) => value.startsWith(`${SECRETS}/`));
  if (files.length > 0 && !volumes.some((mount) => mount.startsWith(`secrets:${SECRETS}`))) return ['reads secrets and does not mount them'];
  return files.filter((file) => !existsSync(file.replace(SECRETS, folder))).map((file) => `reads ${file}, which make-secrets.sh does not make`);
}

async function settings({ build, image, environment, command = [] }: Service, folder: string): Promise<string[]> {
  const app = build?.args?.['APP'];
  if (typeof app !== 'string') return [];
  const known = await settingsOf(app);
  if (!known) return [`is built for ${app}, which is no app`];
  const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, interpolate(value).replace(SECRETS, folder)]));
  const named = image.includes(`/${app}:`) ? [] : [`is built for ${app} and called ${image}`];
  return [...named, ...missingLeanness(app, command, env), ...tryEnvironment(known, env).says];
}

/** `${NAME:-default}` as it is without the variable. */
const interpolate = (value: string): string => value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');
