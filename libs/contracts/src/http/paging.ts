import { z } from 'zod';

const MAX_LIMIT = 500;

/** How every list is paged: `cursor` is the id of the last item seen, as given back in `nextCursor`. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(50),
  cursor: z.uuid().optional(),
});

export type PageQuery = z.infer<typeof pageQuery>;

/** A page of items; `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.uuid().nullable() });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Cuts a page out of rows fetched with `limit + 1`. */
export function toPage<T>(rows: readonly T[], limit: number, idOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? idOf(last) : null };
}
