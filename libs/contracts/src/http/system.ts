import { z } from 'zod';
import { queueLiveSchema } from '../live.ts';
import { serviceStatusSchema } from '../service-status.ts';
import { callSchema } from './calls.ts';

const instant = z.iso.datetime();

export const replicaStatusSchema = serviceStatusSchema
  .extend({ startedAt: instant, answered: z.boolean().meta({ description: 'false: what is said here comes from its last heartbeat' }) })
  .meta({ id: 'ReplicaStatus' });

export const serverStateSchema = z.object({ name: z.string(), up: z.boolean(), reason: z.string().nullable() }).meta({ id: 'ServerState' });

export const pbxStateSchema = z
  .object({ name: z.string(), status: z.string(), bootedAt: instant.nullable(), lastSeenAt: instant.nullable() })
  .meta({ id: 'PbxState' });

export const systemStatusSchema = z
  .object({
    at: instant,
    ready: z.boolean().meta({ description: 'Every server is up, every known replica is ready, and one master leads' }),
    leader: z.string().nullable().meta({ description: 'Replica of the master that leads' }),
    note: z.string().nullable().meta({ description: 'In one sentence: why nothing is dialled, if so' }),
    servers: z.array(serverStateSchema).meta({ description: 'As this gateway sees them' }),
    pbxs: z.array(pbxStateSchema),
    replicas: z.array(replicaStatusSchema),
  })
  .meta({ id: 'SystemStatus' });

export const workerListSchema = z.object({ items: z.array(replicaStatusSchema) }).meta({ id: 'WorkerList' });

const depth = z
  .object({ name: z.string(), messages: z.int().min(0), consumers: z.int().min(0) })
  .meta({ id: 'QueueDepth', description: 'A queue of the message broker' });

export const queueListSchema = z
  .object({
    items: z.array(queueLiveSchema.extend({ fresh: z.boolean().meta({ description: 'Confirmed by the PBX in the last 5 s' }) }).meta({ id: 'AgentQueue' })),
    broker: z.array(depth).nullable().meta({ description: 'null when the broker did not answer' }),
  })
  .meta({ id: 'QueueList' });

export const activityQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });
export const activitySchema = z.object({ items: z.array(callSchema) }).meta({ id: 'Activity' });

export type ReplicaStatus = z.infer<typeof replicaStatusSchema>;
export type ServerState = z.infer<typeof serverStateSchema>;
export type PbxState = z.infer<typeof pbxStateSchema>;
export type SystemStatus = z.infer<typeof systemStatusSchema>;
export type QueueDepth = z.infer<typeof depth>;
export type QueueList = z.infer<typeof queueListSchema>;
