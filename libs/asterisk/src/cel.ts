import type { CelRecord } from '@discador/domain/records/cel-record';
import { splitCsvLine } from './split-csv-line.ts';

/** Columns that etc/cel_custom.conf writes; more may follow some day. */
const COLUMNS = 12;

/** Reads one line of cel.csv, without its line break.
 *  @returns null when it is no CEL record: torn, empty, another file's */
export function parseCelLine(line: string): CelRecord | null {
  const fields = splitCsvLine(line);
  if (fields === null || fields.length < COLUMNS) return null;
  const [eventType, time, channelId, linkedId, channel, context, exten, account, callerNumber, extra, peer, userField] = fields as Row;
  if (!/^\d{9,11}\.\d{6}$/.test(time) || !/^[A-Z_]+$/.test(eventType) || channelId === '') return null;
  return { eventType, at: Number(time) * 1000, channelId, linkedId, channel, context, exten, account, callerNumber, extra, peer, userField };
}

type Row = [string, string, string, string, string, string, string, string, string, string, string, string];
