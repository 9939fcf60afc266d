import { LEGACY_SHAPES } from '@discador/contracts/legacy/legacy-call';
import { amqpUrl, ariUrl, listOf, pbxName, redisUrl, serviceSettings } from '@discador/runtime/settings';
import { z } from 'zod';

/** Which shapes of the old format are published. */
const legacyEvents = z.enum(['off', ...LEGACY_SHAPES, 'both']).transform((which) => LEGACY_SHAPES.filter((shape) => which === shape || which === 'both'));

export const monitorSettings = serviceSettings.extend({
  /** the PBXs to observe, and the ARI address of each in the same order */
  pbxName: listOf(pbxName),
  ariUrl: listOf(ariUrl),
  amqpUrl,
  redisUrl,
  /** independent masters for redlock; the state server when not given */
  redisLocks: listOf(redisUrl).optional(),
  leaseTtlMs: z.coerce.number().int().min(300).max(3_000),
  standbyKeepSec: z.coerce.number().int().min(5).max(300),
  trunkEndpoints: listOf(z.string().min(1).max(80)),
  /** of this replica alone; below it a folder per PBX */
  spoolDir: z.string().min(1).optional(),
  spoolMaxMb: z.coerce.number().int().min(1).max(16_000),
  maxBuffered: z.coerce.number().int().min(1_000).max(2_000_000),
  legacyEvents,
});

export type MonitorSettings = z.infer<typeof monitorSettings>;
