import { amqpUrl, listOf, pbxName, postgresUrl, redisUrl, serviceSettings } from '@discador/runtime/settings';
import { z } from 'zod';

export const masterSettings = serviceSettings.extend({
  databaseUrl: postgresUrl,
  /** the one logical server for live state and permits */
  redisUrl,
  /** independent masters for redlock; the state server when not given */
  redisLocks: listOf(redisUrl).optional(),
  amqpUrl,
  pbxName: listOf(pbxName),
  tickMs: z.coerce.number().int().min(50).max(60_000),
  sliceLifeMs: z.coerce.number().int().min(500).max(30_000),
  lockTtlMs: z.coerce.number().int().min(500).max(30_000),
});

export type MasterSettings = z.infer<typeof masterSettings>;
