import { attemptHalf, type AttemptEvidence } from './cel-record.ts';

/** What the PBX's own records say of one attempt. Times in milliseconds since 1970, by the PBX's clock. */
export interface AttemptFromCel {
  attemptId: string;
  /** the dialled half was created: the originate reached the PBX */
  started: boolean;
  startedAt: number | null;
  /** the dial gate refused it: no call was placed */
  refusedByGate: boolean;
  answeredAt: number | null;
  /** the answered half met an agent */
  bridgedAt: number | null;
  /** both halves are gone; null while one lives, and for ever when Asterisk was killed */
  endedAt: number | null;
  /** hangup cause of the dialled half, or of the other when it has none; null while unknown */
  cause: number | null;
  /** how often the dialled half was created; above 1 the attempt was dialled twice */
  starts: number;
}

/** Hangup cause with which the dial gate refuses; the dialplan never passes it on from a carrier. */
const GATE_REFUSED = 26;

/** Folds the records of one attempt, in any order; those of other channels are ignored. */
export function attemptFromCel(attemptId: string, records: Iterable<AttemptEvidence>): AttemptFromCel {
  const originating = new HalfTimes();
  const dialled = new HalfTimes();
  for (const record of records) {
    const half = attemptHalf(record.channelId);
    if (half?.attemptId === attemptId) (half.half === 1 ? originating : dialled).add(record);
  }
  const cause = dialled.cause || originating.cause || dialled.cause;
  return {
    attemptId,
    started: dialled.starts > 0,
    startedAt: dialled.startedAt,
    refusedByGate: cause === GATE_REFUSED,
    answeredAt: dialled.answeredAt,
    bridgedAt: originating.bridgedAt,
    endedAt: laterEnd(originating, dialled),
    cause,
    starts: dialled.starts,
  };
}

/** Cause in the `extra` of a HANGUP record; 0 is Asterisk's "none given".
 *  @returns null when there is none or the JSON is broken */
export function hangupCause(extra: string): number | null {
  const match = /"hangupcause":\s*(\d{1,3})\b/.exec(extra);
  return match ? Number(match[1]) : null;
}

class HalfTimes {
  starts = 0;
  startedAt: number | null = null;
  answeredAt: number | null = null;
  bridgedAt: number | null = null;
  endedAt: number | null = null;
  cause: number | null = null;

  add({ eventType, at, extra }: AttemptEvidence): void {
    if (eventType === 'CHAN_START') {
      this.starts += 1;
      this.startedAt = earlier(this.startedAt, at);
    } else if (eventType === 'ANSWER') this.answeredAt = earlier(this.answeredAt, at);
    else if (eventType === 'BRIDGE_ENTER') this.bridgedAt = earlier(this.bridgedAt, at);
    else if (eventType === 'HANGUP') this.cause = hangupCause(extra) ?? this.cause;
    else if (eventType === 'CHAN_END') this.endedAt = Math.max(this.endedAt ?? at, at);
  }
}

function earlier(known: number | null, at: number): number {
  return known === null ? at : Math.min(known, at);
}

function laterEnd(...halves: HalfTimes[]): number | null {
  const seen = halves.filter((half) => half.starts > 0 || half.endedAt !== null);
  if (seen.length === 0) return null;
  return seen.reduce<number | null>((latest, half) => (latest === null || half.endedAt === null ? null : Math.max(latest, half.endedAt)), 0);
}
