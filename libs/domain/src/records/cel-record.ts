/** One line of the PBX's channel event log; the columns are described in asterisk/README.md. */
export interface CelRecord {
  /** CHAN_START, ANSWER, BRIDGE_ENTER, HANGUP, CHAN_END */
  eventType: string;
  /** milliseconds since 1970 by the PBX's clock, microseconds as the fraction */
  at: number;
  channelId: string;
  linkedId: string;
  channel: string;
  context: string;
  exten: string;
  account: string;
  callerNumber: string;
  /** JSON of HANGUP and BRIDGE_ENTER, else empty */
  extra: string;
  peer: string;
  userField: string;
}

/** The parts of a record that tell how an attempt went. */
export type AttemptEvidence = Pick<CelRecord, 'eventType' | 'at' | 'channelId' | 'extra'>;

const HALF = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12});([12])$/;

/** Reads `<attempt id>;1` (the originating half) or `;2` (the dialled one).
 *  @returns null for channels that Asterisk named itself: agents, trunk, phones */
export function attemptHalf(channelId: string): { attemptId: string; half: 1 | 2 } | null {
  const match = HALF.exec(channelId);
  if (!match?.[1]) return null;
  return { attemptId: match[1], half: match[2] === '1' ? 1 : 2 };
}
