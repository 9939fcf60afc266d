import { z } from 'zod';

/** Request name of the status question that every service answers over the bus. */
export const STATUS_PATTERN = 'status';

/** One replica's own account of itself. `details` is the app's: slices, open originates, calls seen … */
export const serviceStatusSchema = z.object({
  app: z.string(),
  replica: z.string(),
  pid: z.number().int(),
  uptimeSec: z.number(),
  ready: z.boolean(),
  waitingFor: z.array(z.string()),
  leader: z.boolean().optional(),
  note: z.string().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export type ServiceStatus = z.infer<typeof serviceStatusSchema>;
