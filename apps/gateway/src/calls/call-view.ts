import type { Disposition } from '@discador/contracts/dispositions';
import type { Call } from '@discador/contracts/http/calls';

/** A row of the ledger with its campaign's caller id. */
export interface CallRow {
  attempt_id: string;
  campaign_id: string;
  contact_id: string;
  caller_id: string | null;
  phone: string;
  disposition: Disposition | null;
  cause: number | null;
  claimed_at: Date;
  started_at: Date | null;
  ringing_at: Date | null;
  answered_at: Date | null;
  bridged_at: Date | null;
  ended_at: Date | null;
  pbx: string;
  trunk: string;
  worker_id: string;
  slice_id: string;
  inferred: boolean;
  in_doubt: boolean;
}

/** How far the call is, as the ledger knows it: what is still open is told apart only once its times are stored. */
export function callState(row: Pick<CallRow, 'ended_at' | 'answered_at' | 'ringing_at'>): Call['state'] {
  if (row.ended_at) return 'finished';
  if (row.answered_at) return 'connected';
  return row.ringing_at ? 'ringing' : 'placing';
}

/** A call as the API shows it. */
export function callView(row: CallRow): Call {
  const startedAt = row.started_at ?? row.claimed_at;
  return {
    attemptId: row.attempt_id,
    campaignId: row.campaign_id,
    contactId: row.contact_id,
    state: callState(row),
    source: row.caller_id,
    destination: row.phone,
    disposition: row.disposition,
    cause: row.cause,
    startedAt: startedAt.toISOString(),
    ringingAt: iso(row.ringing_at),
    answeredAt: iso(row.answered_at),
    bridgedAt: iso(row.bridged_at),
    endedAt: iso(row.ended_at),
    durationSec: secondsBetween(startedAt, row.ended_at),
    talkSec: row.answered_at ? secondsBetween(row.answered_at, row.ended_at) : null,
    pbx: row.pbx,
    trunk: row.trunk,
    workerId: row.worker_id,
    sliceId: row.slice_id,
    inferred: row.inferred,
    inDoubt: row.in_doubt,
  };
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}

/** Milliseconds as decimals; never negative, two clocks may disagree. */
function secondsBetween(from: Date, to: Date | null): number | null {
  return to ? Math.max(0, to.getTime() - from.getTime()) / 1000 : null;
}
