import type { Queryable } from '../database.ts';

const SQL = `
UPDATE slices SET closed_at = now()
 WHERE slice_id = ANY($1::uuid[]) AND closed_at IS NULL AND ($2::int IS NULL OR lease = $2)`;

/** Voids what is left of these slices.
 *  @param lease only when this is still the slice's lease; the issuing master passes none */
export async function closeSlices(on: Queryable, sliceIds: string[], lease?: number): Promise<void> {
  await on.query({ name: 'close-slices', text: SQL, values: [sliceIds, lease ?? null] });
}
