import { parseCdrLine } from '@discador/asterisk/cdr';
import { parseCelLine } from '@discador/asterisk/cel';
import { attemptHalf } from '@discador/domain/records/cel-record';
import type { Line } from './split-lines.ts';

type Cell = string | number | null;

/** One kind of file of the PBX and the statement that loads it. */
export interface RecordKind {
  /** its name in pbx_record_positions, in metrics and in the status */
  file: 'cel' | 'cdr';
  /** $1 pbx, $2 identity of the file, then one array per cell */
  insert: string;
  /** @returns the row's cells; null when the line is no record */
  row(line: Line): Cell[] | null;
}

/** Half a Local channel carries its attempt's id; agents' and trunk's channels belong to none, lest they be counted as calls. */
const attemptOf = (channelId: string): string | null => attemptHalf(channelId)?.attemptId ?? null;

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

export const CEL: RecordKind = {
  file: 'cel',
  insert: `
INSERT INTO pbx_cel (pbx, file_id, byte_offset, event_type, event_time, unique_id, linked_id, attempt_id, channel, context, exten, account, extra)
SELECT $1, $2::bigint, byte_offset, event_type, to_timestamp(at), unique_id, linked_id, attempt_id, channel, context, exten, account, extra
  FROM unnest($3::bigint[], $4::text[], $5::float8[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[])
    AS t (byte_offset, event_type, at, unique_id, linked_id, attempt_id, channel, context, exten, account, extra)
    ON CONFLICT DO NOTHING`,
  row: ({ text, byteOffset }) => {
    const cel = parseCelLine(text);
    if (cel === null) return null;
    const { eventType, at, channelId, linkedId, channel, context, exten, account, extra } = cel;
    return [byteOffset, eventType, seconds(at), channelId, linkedId, attemptOf(channelId), channel, context, exten, account, extra];
  },
};

export const CDR: RecordKind = {
  file: 'cdr',
  insert: `
INSERT INTO pbx_cdr (pbx, file_id, byte_offset, unique_id, attempt_id, account, source, destination, started_at, answered_at, ended_at, duration_sec, bill_sec, disposition)
SELECT $1, $2::bigint, byte_offset, unique_id, attempt_id, account, source, destination, to_timestamp(started), to_timestamp(answered), to_timestamp(ended), duration, bill, disposition
  FROM unnest($3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::float8[], $10::float8[], $11::float8[], $12::int[], $13::int[], $14::text[])
    AS t (byte_offset, unique_id, attempt_id, account, source, destination, started, answered, ended, duration, bill, disposition)
    ON CONFLICT DO NOTHING`,
  row: ({ text, byteOffset }) => {
    const cdr = parseCdrLine(text);
    if (cdr === null) return null;
    const { channelId, account, source, destination, startedAt, answeredAt, endedAt, durationSec, billSec, disposition } = cdr;
    const times = [seconds(startedAt), seconds(answeredAt), seconds(endedAt)];
    return [byteOffset, channelId, attemptOf(channelId), account, source, destination, ...times, durationSec, billSec, disposition];
  },
};

/** Rows as one array per column, the form that `unnest` takes. */
export function columnsOf(rows: Cell[][]): Cell[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? null));
}
