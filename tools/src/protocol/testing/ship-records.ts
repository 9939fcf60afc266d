import type { Lane } from './lane.ts';
import type { SimulatedPbx } from './simulated-pbx.ts';

// Rows and position in one statement, as the record-shipper has them in one transaction.
const SHIP = `
WITH loaded AS (
  INSERT INTO pbx_cel (pbx, file_id, byte_offset, event_type, event_time, unique_id, linked_id, attempt_id, channel, context, exten, account, extra)
  SELECT $1, 1, coalesce((SELECT max(byte_offset) FROM pbx_cel WHERE pbx = $1), 0) + n, e, to_timestamp(t / 1000), a || ';' || h, a || ';1', a::uuid, '', '', '', '', x
    FROM unnest($2::text[], $3::float8[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS line (e, t, a, h, x, n)
)
INSERT INTO pbx_record_positions (pbx, file, file_id, byte_offset, caught_up_at) VALUES ($1, 'cel', 1, 0, to_timestamp($7::float8 / 1000))
    ON CONFLICT (pbx, file) DO UPDATE SET caught_up_at = coalesce(excluded.caught_up_at, pbx_record_positions.caught_up_at)`;

/** Loads the first `lines` of a PBX's event log; when these are all, it has caught up. */
export async function ship(lane: Lane, pbx: SimulatedPbx, lines: number): Promise<void> {
  const part = pbx.unshipped.slice(0, lines);
  const caughtUpAt = lines === pbx.unshipped.length ? lane.now() : null;
  pbx.unshipped = pbx.unshipped.slice(lines);
  const extra = part.map(({ cause }) => (cause === null ? '' : JSON.stringify({ hangupcause: cause })));
  const values = [pbx.name, part.map((line) => line.eventType), part.map((line) => line.at), part.map((line) => line.attemptId), part.map((line) => String(line.half)), extra, caughtUpAt];
  await lane.database.query({ name: 'ship-records', text: SHIP, values });
}
