import { amqpUrl, pbxName, postgresUrl, redisUrl, serviceSettings } from '@discador/runtime/settings';
import { z } from 'zod';

const absolutePath = z.string().regex(/^\/./, 'must be an absolute path');

export const shipperSettings = serviceSettings.extend({
  databaseUrl: postgresUrl,
  /** only to tell of itself to the gateway; shipping needs neither */
  redisUrl: redisUrl.optional(),
  amqpUrl: amqpUrl.optional(),
  pbxName,
  /** the PBX's cel.csv */
  celLog: absolutePath,
  /** the PBX's Master.csv */
  cdrCsv: absolutePath,
  pollMs: z.coerce.number().int().min(20).max(1000),
});

export type ShipperSettings = z.infer<typeof shipperSettings>;
