import { amqpUrl, postgresUrl, redisUrl, serviceSettings } from '@discador/runtime/settings';
import { z } from 'zod';

export const settings = serviceSettings.extend({
  databaseUrl: postgresUrl,
  redisUrl,
  amqpUrl,
  bodyLimitBytes: z.coerce.number().int().min(1024).max(1_073_741_824),
  requestTimeoutSec: z.coerce.number().int().min(1).max(86_400),
  statusTimeoutMs: z.coerce.number().int().min(50).max(10_000),
  databasePoolSize: z.coerce.number().int().min(1).max(100),
  statementTimeoutMs: z.coerce.number().int().min(100).max(600_000),
  importFolder: z.string().min(1).optional(),
  importMaxBytes: z.coerce.number().int().min(1024).max(17_179_869_184),
});

export type GatewaySettings = z.infer<typeof settings>;
