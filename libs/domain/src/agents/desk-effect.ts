import type { DeskEventData, DeskEventType } from '@discador/contracts/events/desk-events';
import { eventAtMs, type AmiEvent } from './ami-event.ts';

/** Something that happened to an agent, a caller in a queue, or an extension. */
export interface DeskEffect<T extends DeskEventType = DeskEventType> {
  type: T;
  data: DeskEventData<T>;
  attemptId: string | null;
  /** epoch milliseconds of the PBX's clock */
  atMs: number;
  /** Tells it from the same thing happening to the same one at another time, and is the same in every replica that saw what this one did. */
  occasion: string;
  /** concluded from a look at the PBX */
  inferred: boolean;
}

/** When and how something came to be known. */
export interface Moment {
  atMs: number;
  occasion: string;
  inferred: boolean;
}

/** Of an event that the PBX sent when it happened. Its time stamp has microseconds and is the same on every connection; a PBX that gives none
 *  (`timestampevents = no`) leaves replicas to their own clocks, and a takeover may then tell something under a second id. */
export function momentOf(event: AmiEvent, nowMs: number): Moment {
  return { atMs: eventAtMs(event, nowMs), occasion: event['Timestamp'] ?? String(nowMs), inferred: false };
}

/** Of a difference that a look has shown. Replicas look at different times: what they agree on is what was there before.
 *  @param before  when what was there before had begun */
export function inferredMoment(nowMs: number, before: string): Moment {
  return { atMs: nowMs, occasion: `after ${before}`, inferred: true };
}
