import { amiUrl, amqpUrl, ariUrl, listOf, pbxName, postgresUrl, redisUrl, serviceSettings } from '@discador/runtime/settings';
import { z } from 'zod';

export const workerSettings = serviceSettings
  .extend({
    databaseUrl: postgresUrl,
    redisUrl,
    /** independent masters for redlock; the state server when not given */
    redisLocks: listOf(redisUrl).optional(),
    amqpUrl,
    /** the n-th name, AMI and ARI address belong together */
    pbxName: listOf(pbxName),
    amiUrl: listOf(amiUrl),
    ariUrl: listOf(ariUrl),
    /** the n-th PBX's share of the calls; all the same when not given */
    pbxWeight: listOf(z.string().regex(/^[1-9][0-9]{0,2}$/, 'must be a whole number from 1 to 999')).optional(),
    pbxLostAfterSec: z.coerce.number().int().min(10).max(86_400),
    slicePrefetch: z.coerce.number().int().min(1).max(100),
    outcomeBatchSize: z.coerce.number().int().min(1).max(500),
    outcomeBatchMs: z.coerce.number().int().min(1).max(5000),
    maxUnseenOriginates: z.coerce.number().int().min(1).max(1000),
    sweepEveryMs: z.coerce.number().int().min(500).max(60_000),
  });

export type WorkerSettings = z.infer<typeof workerSettings>;
