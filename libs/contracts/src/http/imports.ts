import { z } from 'zod';

/** How the file of an import is read. */
export const importQuery = z.strictObject({
  region: z.string().regex(/^[A-Z]{2}$/, 'must be a country such as BR').default('BR').meta({ description: 'Country of numbers written without +' }),
  areaCode: z.string().regex(/^[1-9][0-9]$/, 'must be an area code such as 11').optional().meta({ description: 'For Brazilian numbers written without one' }),
  fixOldMobiles: z.stringbool().default(false).meta({ description: 'Give eight-digit Brazilian mobiles the ninth digit' }),
});

export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be 1–200 printable characters');

const count = z.int().min(0);
const instant = z.iso.datetime();

export const importErrorSchema = z
  .object({
    line: z.int().min(1).meta({ description: 'Line of the file that the row begins on' }),
    column: z.string().meta({ description: 'Header of the column at fault; empty for the row as a whole' }),
    code: z.string().meta({ description: 'e.g. phone_characters, column_count, duplicate_in_file' }),
  })
  .meta({ id: 'ImportError' });

export const importSchema = z
  .object({
    id: z.uuid(),
    campaignId: z.uuid(),
    status: z.enum(['running', 'done', 'failed']),
    error: z.string().nullable().meta({ description: 'Why it failed: file_empty, wrong_encoding, header_missing, interrupted, internal' }),
    rowsRead: count,
    imported: count,
    rejected: count,
    errors: z.array(importErrorSchema).meta({ description: 'The first 1,000 rejected rows; all of them are in rejected.csv' }),
    noteCounts: z.record(z.string(), count).meta({ description: 'What was changed or left out in imported rows, by code' }),
    notes: z.array(importErrorSchema).meta({ description: 'The first of these notes' }),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Import' });

export type ImportQuery = z.infer<typeof importQuery>;
export type Import = z.infer<typeof importSchema>;
export type ImportError = z.infer<typeof importErrorSchema>;
