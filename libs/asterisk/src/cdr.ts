import { splitCsvLine } from './split-csv-line.ts';

/** One line of Master.csv: one channel half, written at its end. Times in milliseconds since 1970, whole seconds. */
export interface CdrRecord {
  account: string;
  source: string;
  destination: string;
  channel: string;
  startedAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  durationSec: number;
  /** seconds since the answer */
  billSec: number;
  /** ANSWERED, NO ANSWER, BUSY, CONGESTION, FAILED */
  disposition: string;
  channelId: string;
}

/** Columns up to `uniqueid`, which `loguniqueid` appends. */
const COLUMNS = 17;

/** Reads one line of Master.csv (`usegmtime=yes`, `loguniqueid=yes`), without its line break.
 *  @returns null when it is no CDR */
export function parseCdrLine(line: string): CdrRecord | null {
  const fields = splitCsvLine(line);
  if (fields === null || fields.length < COLUMNS) return null;
  const field = (index: number): string => fields[index] ?? '';
  const startedAt = utc(field(9));
  const channelId = field(16);
  if (startedAt === null || channelId === '' || !/^\d+$/.test(field(12)) || !/^\d+$/.test(field(13))) return null;
  return {
    account: field(0),
    source: field(1),
    destination: field(2),
    channel: field(5),
    startedAt,
    answeredAt: utc(field(10)),
    endedAt: utc(field(11)),
    durationSec: Number(field(12)),
    billSec: Number(field(13)),
    disposition: field(14),
    channelId,
  };
}

function utc(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return null;
  const at = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? null : at;
}
