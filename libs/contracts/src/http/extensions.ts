import { z } from 'zod';

export const extensionSchema = z
  .object({
    pbx: z.string(),
    number: z.string(),
    name: z.string(),
    line1Busy: z.boolean(),
    line2Busy: z.boolean(),
    registered: z.boolean(),
    available: z.boolean().meta({ description: 'Registered, and at least one line is free' }),
    lastActivityAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Extension' });

const count = z.int().min(0);

export const extensionListSchema = z
  .object({
    items: z.array(extensionSchema),
    totals: z.object({
      total: count,
      registered: count,
      available: count,
      busy: count.meta({ description: 'At least one line is busy' }),
    }),
  })
  .meta({ id: 'ExtensionList' });

export const extensionListQuery = z.strictObject({ pbx: z.string().regex(/^[a-z0-9-]{1,40}$/).optional() });

export type Extension = z.infer<typeof extensionSchema>;
export type ExtensionList = z.infer<typeof extensionListSchema>;
export type ExtensionListQuery = z.infer<typeof extensionListQuery>;
