import { z } from 'zod';

export const trunkName = z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be 1–40 small letters, digits or -');

export const trunkLimitsSchema = z
  .strictObject({
    maxChannels: z.int().min(1).max(100_000).meta({ description: 'Calls at the same time, over all campaigns' }),
    callsPerSecond: z.int().min(1).max(5_000).meta({ description: 'In any sliding second, over all campaigns' }),
  })
  .meta({ id: 'TrunkLimits' });

export const trunkSchema = z
  .object({ name: trunkName, ...trunkLimitsSchema.shape, updatedAt: z.iso.datetime() })
  .meta({ id: 'Trunk' });

export const trunkListSchema = z.object({ items: z.array(trunkSchema) }).meta({ id: 'TrunkList' });

export type TrunkLimits = z.infer<typeof trunkLimitsSchema>;
export type Trunk = z.infer<typeof trunkSchema>;
