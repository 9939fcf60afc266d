/** An AMI event: header → value, as the adapter delivers it. */
export type AmiEvent = Readonly<Record<string, string>>;

/** A whole number out of a header; 0 when it is missing or no number. */
export function intOf(event: AmiEvent, header: string): number {
  const value = Number.parseInt(event[header] ?? '', 10);
  return Number.isNaN(value) ? 0 : value;
}
