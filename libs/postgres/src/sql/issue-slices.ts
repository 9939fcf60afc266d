import type { Slice } from '@discador/contracts/slice';
import type { Queryable } from '../database.ts';

const SQL = `
INSERT INTO slices (slice_id, campaign_id, term, quota, expires_at)
SELECT s.slice_id, s.campaign_id, l.term, s.quota, now() + make_interval(secs => $4)
  FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS s (slice_id, campaign_id, quota),
       (SELECT term FROM leadership WHERE term = $5) AS l
RETURNING slice_id, campaign_id, term::text, quota, expires_at`;

/** Writes slices before they are published.
 *  @param lifeSec seconds until they are void
 *  @param term the caller's; a deposed master writes nothing and gets an empty list */
export async function issueSlices(
  on: Queryable,
  term: number,
  lifeSec: number,
  slices: { sliceId: string; campaignId: string; quota: number }[],
): Promise<Slice[]> {
  const values = [slices.map((s) => s.sliceId), slices.map((s) => s.campaignId), slices.map((s) => s.quota), lifeSec, term];
  const { rows } = await on.query<{ slice_id: string; campaign_id: string; term: string; quota: number; expires_at: Date }>({
    name: 'issue-slices',
    text: SQL,
    values,
  });
  return rows.map((row) => ({
    sliceId: row.slice_id,
    campaignId: row.campaign_id,
    term: Number(row.term),
    quota: row.quota,
    expiresAt: row.expires_at.toISOString(),
  }));
}
