import type { CALL_DIRECTIONS, CALL_ROUTES } from '@discador/contracts/events/call-events';
import type { Half } from './own-channel.ts';
import type { Talk, TalkEffect } from './talk.ts';

export type CallDirection = (typeof CALL_DIRECTIONS)[number];
export type CallRoute = (typeof CALL_ROUTES)[number];

export interface DtmfDigit {
  readonly at: number;
  readonly digit: string;
}

/** What every event of a call says of it. */
export interface CallFacts {
  /** Of our calls the attempt id; of others the id of the channel that began it. */
  readonly callId: string;
  /** Placed by the dialer. */
  readonly ours: boolean;
  /** null until an event carried it: Asterisk sets the account code after it has announced the channel. */
  readonly campaignId: string | null;
  readonly direction: CallDirection;
  readonly route: CallRoute;
  readonly from: string;
  /** Who was called. */
  readonly number: string;
  readonly startedAt: number;
}

/** One of our calls as far as its events have told; plain JSON. Times are epoch milliseconds of the PBX's clock, except `closeAt`. */
export interface CallState extends CallFacts, Talk {
  /** Dialplan extension in context `campaign`, e.g. `queue-demo`; empty until half 1 has been there. */
  readonly destination: string;
  readonly ringingAt: number | null;
  readonly answeredAt: number | null;
  /** When half 1 was first in a bridge together with another channel. */
  readonly bridgedAt: number | null;
  readonly dtmf: readonly DtmfDigit[];
  readonly announced: boolean;
  readonly destroyed: Readonly<Partial<Record<Half, { readonly at: number; readonly cause: number }>>>;
  readonly lastAt: number;
  /** Our clock: when the call ends even if nothing more comes; null while it lives. */
  readonly closeAt: number | null;
  /** Its end was not seen but concluded from a look at the PBX. */
  readonly inferredEnd: boolean;
}

/** The whole of an ended call. */
export interface CallSummary {
  /** null for a call that is not ours */
  readonly attemptId: string | null;
  readonly campaignId: string | null;
  readonly from: string;
  readonly number: string;
  readonly destination: string;
  readonly startedAt: number;
  readonly ringingAt: number | null;
  readonly answeredAt: number | null;
  readonly bridgedAt: number | null;
  readonly endedAt: number;
  /** from the first sign of the call to its end */
  readonly durationMs: number;
  /** from answer to end; 0 when not answered */
  readonly billMs: number;
  /** Q.850; 0 when no half named one */
  readonly cause: number;
  readonly dtmf: string;
  readonly inferred: boolean;
  /** Of calls that are not ours: the caller's last place was a queue. */
  readonly waitedInQueue?: boolean;
}

interface Effect {
  /** epoch milliseconds, PBX clock */
  readonly at: number;
  /** Concluded, not seen. */
  readonly inferred: boolean;
  /** The call after the change. */
  readonly call: CallFacts;
}

/** What others are told, each at most once per call; `dtmf` once per key press, holds and transfers as often as they happen. */
export type CallEffect =
  | (Effect & { readonly type: 'received' | 'dialing' | 'ringing' })
  | (Effect & { readonly type: 'answered'; readonly ringMs: number })
  | (Effect & { readonly type: 'bridged'; readonly peer: string; readonly waitMs: number })
  | (Effect & { readonly type: 'dtmf'; readonly digit: string })
  | (Effect & TalkEffect)
  | (Effect & { readonly type: 'ended'; readonly summary: CallSummary });

export type EndedEffect = Extract<CallEffect, { type: 'ended' }>;

const OURS = { ours: true, direction: 'outbound', route: 'external' } as const;
const UNSEEN = { campaignId: null, from: '', number: '', destination: '', ringingAt: null, answeredAt: null } as const;

/** A call of which nothing is known but that it exists since `startedAt`. */
export function newCall(callId: string, startedAt: number): CallState {
  return {
    ...OURS,
    ...UNSEEN,
    callId,
    startedAt,
    bridgedAt: null,
    dtmf: [],
    held: [],
    transfers: [],
    announced: false,
    destroyed: {},
    lastAt: startedAt,
    closeAt: null,
    inferredEnd: false,
  };
}

/** Half 2 is the carrier's: its cause says why; `Busy()` and `Congestion()` leave 0 on half 1. */
function joinedCause({ destroyed }: CallState): number {
  return (destroyed[2]?.cause ?? 0) || (destroyed[1]?.cause ?? 0);
}

/** @param endedAt  epoch milliseconds, PBX clock */
export function summarize(call: CallState, endedAt: number): CallSummary {
  return {
    attemptId: call.callId,
    campaignId: call.campaignId,
    from: call.from,
    number: call.number,
    destination: call.destination,
    startedAt: call.startedAt,
    ringingAt: call.ringingAt,
    answeredAt: call.answeredAt,
    bridgedAt: call.bridgedAt,
    endedAt,
    durationMs: Math.max(0, endedAt - call.startedAt),
    billMs: call.answeredAt === null ? 0 : Math.max(0, endedAt - call.answeredAt),
    cause: joinedCause(call),
    dtmf: call.dtmf.map(({ digit }) => digit).join(''),
    inferred: call.inferredEnd,
  };
}
