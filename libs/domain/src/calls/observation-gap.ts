export interface ObservationFacts {
  /** until when some replica has observed the PBX and published what it saw, as the last publisher noted; null when nobody did */
  readonly publishedUntil: number | null;
  /** that note was our own, and the last */
  readonly ours: boolean;
  /** until when this replica certainly heard the PBX before it lost it last; null when it never had it */
  readonly heardUntil: number | null;
}

/** The time during which no replica certainly saw the PBX's events, as the one knows that begins to publish. Our own word about our own
 *  loss counts more than our note: a socket that went deaf was noted as sound for a while.
 *  @param soundSince  since when this replica hears the PBX and knows its state; all times epoch milliseconds
 *  @returns null when there is no gap, or nothing is known of the time before */
export function observationGap({ publishedUntil, ours, heardUntil }: ObservationFacts, soundSince: number): { from: number; to: number } | null {
  if (publishedUntil !== null && publishedUntil >= soundSince) return null; // told already, or somebody else saw it
  const known = ours && heardUntil !== null ? heardUntil : Math.max(publishedUntil ?? 0, heardUntil ?? 0);
  return known === 0 || known >= soundSince ? null : { from: known, to: soundSince };
}
