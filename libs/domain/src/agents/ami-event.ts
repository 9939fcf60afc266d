/** An AMI event: header → value, as the adapter delivers it. */
export type AmiEvent = Readonly<Record<string, string>>;

/** A whole number out of a header; 0 when it is missing or no number. */
export function intOf(event: AmiEvent, header: string): number {
  const value = Number.parseInt(event[header] ?? '', 10);
  return Number.isNaN(value) ? 0 : value;
}

/** When the PBX saw it: epoch milliseconds of its clock; `nowMs` when the event is not stamped (`timestampevents` in manager.conf, or a list's row). */
export function eventAtMs(event: AmiEvent, nowMs: number): number {
  return Math.floor(Number(event['Timestamp']) * 1_000) || nowMs;
}
