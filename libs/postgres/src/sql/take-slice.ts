import type { Queryable } from '../database.ts';

/** A slice in a worker's hands, with what it needs of the campaign and the trunk. */
export interface TakenSlice {
  slice_id: string;
  campaign_id: string;
  term: number;
  /** how often the slice was taken, this time included */
  lease: number;
  remaining: number;
  /** until it expires, by the database's clock */
  ms_left: number;
  mode: string;
  queue: string | null;
  caller_id: string | null;
  ring_timeout_sec: number;
  max_channels: number;
  trunk: string;
  trunk_channels: number;
  trunk_rate: number;
}

const SQL = `
UPDATE slices s SET lease = s.lease + 1, worker_id = $2
  FROM campaigns c JOIN trunks t ON t.name = c.trunk
 WHERE s.slice_id = $1 AND s.closed_at IS NULL AND s.expires_at > now()
   AND s.term = (SELECT term FROM leadership)
   AND c.campaign_id = s.campaign_id AND c.status = 'active'
RETURNING s.slice_id, s.campaign_id, s.term::int, s.lease, s.quota - s.used AS remaining,
          (extract(epoch FROM s.expires_at - now()) * 1000)::int AS ms_left,
          c.mode, c.queue, c.caller_id, c.ring_timeout_sec, c.max_channels,
          c.trunk, t.max_channels AS trunk_channels, t.calls_per_second AS trunk_rate`;

/** Takes a slice: raises its lease number, which makes every earlier taker's claims fail.
 *  @returns null when it has expired, was closed, is of an older term, or its campaign is not active */
export async function takeSlice(on: Queryable, sliceId: string, workerId: string): Promise<TakenSlice | null> {
  const { rows } = await on.query<TakenSlice>({ name: 'take-slice', text: SQL, values: [sliceId, workerId] });
  return rows[0] ?? null;
}
