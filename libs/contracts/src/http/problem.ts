import { z } from 'zod';

/** One thing wrong with what was sent. `message` never repeats the value. */
export const fieldErrorSchema = z
  .object({
    field: z.string().meta({ description: 'Path of the field, e.g. `windowFrom`; empty for the whole' }),
    code: z.string().meta({ description: 'e.g. required, unknown_field, wrong_type, wrong_format, too_small, too_big, not_allowed' }),
    message: z.string(),
  })
  .meta({ id: 'FieldError' });

export type FieldError = z.infer<typeof fieldErrorSchema>;

/** RFC 9457: the body of every answer that is not a success. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.string().meta({ description: 'One word to branch on: invalid_input, not_found, conflict, database_down …' }),
    errors: z.array(fieldErrorSchema).optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;
