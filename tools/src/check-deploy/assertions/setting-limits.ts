import type { z } from 'zod';
import type { Finding } from '../kube-object.ts';

/** A property of `settings` in values.schema.json. */
export interface SettingSchema {
  $ref?: string;
  type?: string;
  minimum?: number;
  maximum?: number;
  enum?: (string | false)[];
}

/** Settings that the chart gives itself: addresses, ports, folders, and those that are the same for all services. */
const OF_THE_CHART = new Set([
  'httpHost', 'httpPort', 'replica', 'shutdownGraceSec', 'otelExporterOtlpEndpoint', 'databaseUrl', 'redisUrl', 'redisLocks', 'amqpUrl', 'pbxName',
  'pbxWeight', 'amiUrl', 'ariUrl', 'celLog', 'cdrCsv', 'spoolDir', 'importFolder',
]);

/** Holds the limits that values.schema.json sets to an app's settings against the app's own: what the chart lets through must start, and what it
 *  refuses must be wrong. */
export function checkLimits(service: string, offered: Record<string, SettingSchema>, schema: z.ZodObject): Finding[] {
  const shape = schema.shape as Record<string, z.ZodType>;
  const takes = (key: string, value: unknown): boolean => shape[key]?.safeParse(value).success ?? false;
  const missing = Object.keys(shape).filter((key) => !OF_THE_CHART.has(key) && !offered[key]).map((key) => [key, 'is missing in values.schema.json']);
  const wrong = Object.entries(offered).flatMap(([key, { minimum, maximum, enum: values = [] }]) => {
    if (!shape[key]) return [[key, 'is no setting of the service']];
    return [
      ...(minimum !== undefined && (!takes(key, minimum) || takes(key, minimum - 1)) ? [[key, `has another minimum than ${minimum}`]] : []),
      ...(maximum !== undefined && (!takes(key, maximum) || takes(key, maximum + 1)) ? [[key, `has another maximum than ${maximum}`]] : []),
      ...values.map((value) => value || 'off').filter((value) => !takes(key, value)).map((value) => [key, `does not take ${value}`]), // helm reads off as false
    ];
  });
  return [...missing, ...wrong].map(([key, says]) => ({ at: `values.schema.json, ${service}.settings.${key ?? ''}`, says: says ?? '' }));
}
