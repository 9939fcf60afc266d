import { join, resolve } from 'node:path';
import { z } from 'zod';
import { REPO_ROOT } from './home.ts';
import { EXIT, StackError } from './stack-error.ts';

const port = z.coerce.number().int().min(1024).max(65_400);
const given = (protocol: RegExp) => z.url({ protocol }).optional();

const inputs = z.object({
  DISCADOR_HOME: z.string().optional(),
  DISCADOR_CACHE: z.string().optional(),
  DISCADOR_PORT_BASE: port.optional(),
  DATABASE_URL: given(/^postgres(ql)?$/),
  REDIS_URL: given(/^rediss?$/),
  AMQP_URL: given(/^amqps?$/),
  AMI_URL: given(/^tcp$/),
  ARI_URL: given(/^https?$/),
  CEL_LOG: z.string().optional(),
  CDR_CSV: z.string().optional(),
  TRUNK_URI: z.string().regex(/^sip:\S+$/, 'must look like sip:host:port').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).optional(),
  DISCADOR_ENV: z.string().optional(),
  DEBIAN_MIRROR: z.string().optional(),
  DEBIAN_SUITE: z.string().regex(/^[a-z0-9.-]+$/).optional(),
});

/** What the environment says about the stack (contract 4), checked. URLs hold secrets: never print them. */
export type StackConfig = {
  homeDir: string;
  cacheDir: string;
  portBase: number | undefined;
  given: {
    database?: string | undefined;
    redis?: string | undefined;
    amqp?: string | undefined;
    ami?: string | undefined;
    ari?: string | undefined;
    celLog?: string | undefined;
    cdrCsv?: string | undefined;
  };
  trunkUri: string;
  debianMirror: string | undefined;
  debianSuite: string;
  /** variables that the services get as they are */
  passedOn: Record<string, string>;
};

/** @throws StackError (exit 78) that names each wrong variable, never its value */
export function readConfig(env: NodeJS.ProcessEnv = process.env): StackConfig {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = inputs.safeParse(filled);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
    throw new StackError(`Wrong settings in the environment: ${wrong.join('; ')}`, EXIT.config);
  }
  const value = parsed.data;
  if (!value.AMI_URL !== !value.ARI_URL) {
    throw new StackError('AMI_URL and ARI_URL belong to one PBX: give both or neither.', EXIT.config);
  }
  const passedOn = { OTEL_EXPORTER_OTLP_ENDPOINT: value.OTEL_EXPORTER_OTLP_ENDPOINT, LOG_LEVEL: value.LOG_LEVEL, DISCADOR_ENV: value.DISCADOR_ENV };
  return {
    homeDir: value.DISCADOR_HOME ? resolve(value.DISCADOR_HOME) : join(REPO_ROOT, '.discador'),
    cacheDir: value.DISCADOR_CACHE ? resolve(value.DISCADOR_CACHE) : join(REPO_ROOT, '.discador', 'cache'),
    portBase: value.DISCADOR_PORT_BASE,
    given: {
      database: value.DATABASE_URL,
      redis: value.REDIS_URL,
      amqp: value.AMQP_URL,
      ami: value.AMI_URL,
      ari: value.ARI_URL,
      celLog: value.CEL_LOG,
      cdrCsv: value.CDR_CSV,
    },
    trunkUri: value.TRUNK_URI ?? '',
    debianMirror: value.DEBIAN_MIRROR,
    debianSuite: value.DEBIAN_SUITE ?? 'forky',
    passedOn: Object.fromEntries(Object.entries(passedOn).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

/** For tools of the machine (apt, nx) that take proxies and the like from the environment. */
export const inheritedEnvironment = (): NodeJS.ProcessEnv => process.env;
