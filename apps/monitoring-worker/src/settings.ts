import { amiUrl, amqpUrl, listOf, pbxName, postgresUrl, redisUrl, serviceSettings } from '@discador/runtime/settings';
import { z } from 'zod';

const timeZone = z.string().refine((name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC', 'not a known time zone');

export const monitoringSettings = serviceSettings.extend({
  databaseUrl: postgresUrl,
  redisUrl,
  /** independent masters for redlock; the state server when not given */
  redisLocks: listOf(redisUrl).optional(),
  amqpUrl,
  /** the PBXs to watch, and the AMI address of each in the same order */
  pbxName: listOf(pbxName),
  amiUrl: listOf(amiUrl),
  /** zone of the PBXs' own clocks, in which they tell when they started */
  pbxTimeZone: timeZone.default(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
  leaseTtlMs: z.coerce.number().int().min(500).max(3_000),
  maxBufferedEvents: z.coerce.number().int().min(100).max(1_000_000),
  queueWrapUpSec: z.coerce.number().int().min(0).max(3_600),
  retentionDays: z.coerce.number().int().min(0).max(36_500),
  importRejectionsDays: z.coerce.number().int().min(1).max(36_500),
  timeZone,
});

export type MonitoringSettings = z.infer<typeof monitoringSettings>;
