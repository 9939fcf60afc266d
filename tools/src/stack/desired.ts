import { z } from 'zod';
import { SERVICE_NAMES } from './port-block.ts';

const serverName = z.enum(['postgres', 'redis', 'rabbitmq']);
export type ServerName = z.infer<typeof serverName>;
export const SERVER_NAMES = serverName.options;

const serviceName = z.enum(SERVICE_NAMES as [(typeof SERVICE_NAMES)[number], ...typeof SERVICE_NAMES]);

const programs = z.object({ postgres: z.string(), redis: z.string(), rabbitmq: z.string(), epmd: z.string() });

// Fields added later have defaults: after an update the command line must still understand, and stop, what runs.

/** What shall run: written by the command line, carried out by the supervisor. */
export const desiredSchema = z.object({
  /** raised by one at every change */
  generation: z.number().int(),
  portBase: z.number().int(),
  servers: z.array(serverName),
  /** the account of the servers; null = ours (PostgreSQL refuses root) */
  runAs: z.object({ uid: z.number().int(), gid: z.number().int() }).nullable(),
  dataDir: z.string(),
  programs: programs.partial(),
  /** number of PBXs of ours; 0 when one was given by its URLs */
  pbx: z.number().int(),
  asteriskRoot: z.string(),
  agents: z.number().int(),
  trunkUri: z.string(),
  urls: z.object({
    database: z.string(),
    redis: z.string(),
    amqp: z.string(),
    /** of a PBX that is given, or of a proxy before ours */
    ami: z.string().optional(),
    ari: z.string().optional(),
    celLog: z.string().optional(),
    cdrCsv: z.string().optional(),
  }),
  services: z.array(z.object({ name: serviceName, replicas: z.number().int() })),
  /** changes with the built code: a service of older code is replaced */
  buildHash: z.string(),
  /** variables for every service (`*`) or for one by its name */
  env: z.record(z.string(), z.record(z.string(), z.string())),
  /** when all of it ends by itself, epoch milliseconds; null = when it is told to */
  endsAt: z.number().nullable().default(null),
});
export type Desired = z.infer<typeof desiredSchema>;
export type Programs = z.infer<typeof desiredSchema>['programs'];

const identity = z.object({ pid: z.number().int(), startTime: z.string(), cmdline: z.string() });

/** A process, told from a later one with the same pid by its start time. */
export type ProcessIdentity = z.infer<typeof identity>;

export const stateSchema = z.object({
  /** of the desired state that is being carried out */
  generation: z.number().int(),
  /** nothing older than this generation runs any more, and everything of it was started */
  settled: z.boolean().default(true),
  portBase: z.number().int(),
  supervisor: identity,
  processes: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['server', 'pbx', 'service']),
      name: z.string(),
      replica: z.number().int(),
      process: identity.nullable(),
      status: z.enum(['running', 'stopping', 'waiting']),
      restarts: z.number().int(),
      /** deaths in a row, none of them after a healthy life */
      failures: z.number().int().default(0),
      lastExit: z.string().nullable(),
    }),
  ),
  /** why something cannot even be tried, one sentence each */
  problems: z.array(z.string()),
});
export type State = z.infer<typeof stateSchema>;
export type ProcessState = State['processes'][number];
