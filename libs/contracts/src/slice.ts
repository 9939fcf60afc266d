import { z } from 'zod';

/** The quorum queue of slices. */
export const SLICES_QUEUE = 'discador.slices';
/** The quorum queue of `call.ended` events that the workers turn into outcomes. */
export const OUTCOMES_QUEUE = 'discador.outcomes';

/** Leave to dial up to `quota` contacts of a campaign until `expiresAt`, given by the master of election `term`. */
export const sliceSchema = z.object({
  sliceId: z.uuid(),
  campaignId: z.uuid(),
  term: z.number().int().positive(),
  quota: z.number().int().min(1).max(500),
  expiresAt: z.iso.datetime(),
});

export type Slice = z.infer<typeof sliceSchema>;
