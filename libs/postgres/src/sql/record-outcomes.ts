import type { Disposition } from '@discador/contracts/dispositions';
import { afterAttempt } from '@discador/domain/outcomes/after-attempt';
import type { Database, Queryable } from '../database.ts';

/** How an attempt ended, from whichever source said so first. Times are the PBX's, ISO 8601. */
export interface Outcome {
  attemptId: string;
  disposition: Disposition;
  cause: number | null;
  startedAt?: string | undefined;
  ringingAt?: string | undefined;
  answeredAt?: string | undefined;
  bridgedAt?: string | undefined;
  endedAt: string;
  /** worked out after a gap, not observed */
  inferred: boolean;
}

/** Who told: the PBX's events, the worker that never placed the call, or the sweeper from the PBX's records. */
export type OutcomeSource = 'events' | 'worker' | 'sweeper';

/** What became of an attempt's permits: the caller gives them back. */
export interface ClosedAttempt {
  attempt_id: string;
  campaign_id: string;
  trunk: string;
}

interface EndedRow extends ClosedAttempt {
  contact_id: string;
  disposition: Disposition;
  talk_ms: string;
  attempts: number;
  max_attempts: number;
  phones: number;
  next_phone: number;
  retry_delay_sec: number;
}

// The first end wins: an attempt that has an end is not touched again.
const END_SQL = `
WITH said AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
                       $8::timestamptz[], $9::boolean[])
    AS s (attempt_id, disposition, cause, started_at, ringing_at, answered_at, bridged_at, ended_at, inferred)
), ended AS (
  UPDATE call_attempts a
     SET disposition = s.disposition, cause = s.cause, started_at = s.started_at, ringing_at = s.ringing_at,
         answered_at = s.answered_at, bridged_at = s.bridged_at, ended_at = s.ended_at, recorded_at = now(),
         inferred = s.inferred, in_doubt = s.disposition = 'in_doubt', outcome_source = $10
    FROM said s
   WHERE a.attempt_id = s.attempt_id AND a.ended_at IS NULL
  RETURNING a.attempt_id, a.contact_id, a.campaign_id, a.trunk, a.disposition, a.answered_at, a.ended_at
), closed AS (
  DELETE FROM open_attempts o USING ended e WHERE o.attempt_id = e.attempt_id
)
SELECT e.attempt_id, e.contact_id, e.campaign_id, e.trunk, e.disposition,
       coalesce(extract(epoch FROM e.ended_at - e.answered_at) * 1000, 0)::bigint AS talk_ms,
       k.attempts, coalesce(k.max_attempts, c.max_attempts) AS max_attempts, cardinality(k.phones) AS phones, k.next_phone,
       c.retry_delay_sec
  FROM ended e JOIN contacts k ON k.contact_id = e.contact_id JOIN campaigns c ON c.campaign_id = e.campaign_id`;

const CONTACTS_SQL = `
WITH next AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::int[], $6::int[])
    AS n (contact_id, status, result, attempts, next_phone, due_in_sec)
), stepped AS (
  UPDATE contacts k
     SET status = n.status, result = n.result, attempts = n.attempts, next_phone = n.next_phone,
         due_at = CASE WHEN n.due_in_sec IS NULL THEN k.due_at ELSE now() + make_interval(secs => n.due_in_sec) END
    FROM next n
   WHERE k.contact_id = n.contact_id
)
INSERT INTO campaign_deltas (campaign_id, counter, delta)
SELECT * FROM unnest($7::uuid[], $8::text[], $9::bigint[])`;

const EVIDENCE_SQL = `
INSERT INTO attempt_evidence (attempt_id, event)
SELECT e.attempt_id, e.event FROM unnest($1::uuid[], $2::jsonb[]) AS e (attempt_id, event)
 WHERE EXISTS (SELECT 1 FROM call_attempts a WHERE a.attempt_id = e.attempt_id)`;

/** Stores how attempts ended: ledger, open attempts, contact (retry or final) and campaign counters in one transaction.
 *  Idempotent: an attempt that already has its end keeps it, and what was said again is kept as evidence; unknown ids are ignored.
 *  @param outcomes up to a few hundred, at most one per attempt id
 *  @param source who told, kept with the attempt
 *  @returns the attempts closed by this call; their permits are free */
export async function recordOutcomes(database: Database, outcomes: Outcome[], source: OutcomeSource = 'events'): Promise<ClosedAttempt[]> {
  if (outcomes.length === 0) return [];
  // One order for all writers, or two batches that share attempts deadlock.
  const sorted = [...outcomes].sort((a, b) => (a.attemptId < b.attemptId ? -1 : 1));
  return database.transaction(async (on) => {
    const ended = await endAttempts(on, sorted, source);
    if (ended.length > 0) await stepContacts(on, ended);
    const closed = new Set(ended.map((row) => row.attempt_id));
    const late = sorted.filter((outcome) => !closed.has(outcome.attemptId));
    if (late.length > 0) {
      const values = [late.map((outcome) => outcome.attemptId), late.map((outcome) => JSON.stringify(outcome))];
      await on.query({ name: 'late-ends', text: EVIDENCE_SQL, values });
    }
    return ended;
  });
}

async function endAttempts(on: Queryable, outcomes: Outcome[], source: OutcomeSource): Promise<EndedRow[]> {
  const column = <K extends keyof Outcome>(key: K) => outcomes.map((outcome) => outcome[key] ?? null);
  const values = [
    column('attemptId'), column('disposition'), column('cause'), column('startedAt'), column('ringingAt'),
    column('answeredAt'), column('bridgedAt'), column('endedAt'), column('inferred'), source,
  ];
  return (await on.query<EndedRow>({ name: 'end-attempts', text: END_SQL, values })).rows;
}

async function stepContacts(on: Queryable, ended: EndedRow[]): Promise<void> {
  const rows = [...ended].sort((a, b) => (a.contact_id < b.contact_id ? -1 : 1));
  const steps = rows.map((row) =>
    afterAttempt(row.disposition, {
      attempts: row.attempts,
      maxAttempts: row.max_attempts,
      phones: row.phones,
      dialledPhone: row.next_phone,
      retryDelaySec: row.retry_delay_sec,
    }),
  );
  const counters = countersOf(rows, steps.map((step) => step.status));
  const values = [
    rows.map((row) => row.contact_id), steps.map((step) => step.status), rows.map((row) => row.disposition),
    steps.map((step) => step.attempts), steps.map((step) => step.nextPhone), steps.map((step) => step.dueInSec),
    counters.map((counter) => counter.campaignId), counters.map((counter) => counter.name), counters.map((counter) => counter.delta),
  ];
  await on.query({ name: 'step-contacts', text: CONTACTS_SQL, values });
}

function countersOf(rows: EndedRow[], statuses: string[]): { campaignId: string; name: string; delta: number }[] {
  const sums = new Map<string, { campaignId: string; name: string; delta: number }>();
  const add = (campaignId: string, name: string, delta: number): void => {
    const key = `${campaignId} ${name}`;
    const sum = sums.get(key) ?? { campaignId, name, delta: 0 };
    sum.delta += delta;
    sums.set(key, sum);
  };
  rows.forEach((row, index) => {
    add(row.campaign_id, `disposition:${row.disposition}`, 1);
    if (Number(row.talk_ms) > 0) add(row.campaign_id, 'talk_ms', Number(row.talk_ms));
    if (statuses[index] !== 'retry') add(row.campaign_id, 'processed', 1);
    if (statuses[index] === 'completed') add(row.campaign_id, 'successful', 1);
  });
  return [...sums.values()];
}
