import { v7 } from 'uuid';
import type { TestGateway } from './open-gateway.ts';

export interface SeededCall {
  attemptId: string;
  contactId: string;
  phone: string;
}

/** One contact of a campaign and an attempt to reach it: ended with `disposition`, or open without one. */
export async function seedCall(db: TestGateway['db'], campaignId: string, number: number, disposition: 'answered' | 'busy' | null): Promise<SeededCall> {
  const [attemptId, contactId, phone] = [v7(), v7(), `+55119876${String(number).padStart(5, '0')}`];
  const status = disposition === null ? 'dialing' : disposition === 'answered' ? 'completed' : 'retry';
  await db.query(
    'INSERT INTO contacts (contact_id, campaign_id, name, phones, status, result, attempts) VALUES ($1, $2, $3, $4, $5, $6, 1)',
    [contactId, campaignId, `Contact ${number}`, [phone], status, disposition],
  );
  await db.query(
    `INSERT INTO call_attempts (attempt_id, contact_id, campaign_id, phone, slice_id, term, lease, worker_id, pbx, trunk, dial_by,
                                started_at, answered_at, ended_at, disposition, cause)
     VALUES ($1, $2, $3, $4, $1, 1, 1, 'w1', 'pbx1', 'default', now(), now() - interval '30 s',
             CASE WHEN $5 = 'answered' THEN now() - interval '20 s' END, CASE WHEN $5::text IS NOT NULL THEN now() END, $5, 16)`,
    [attemptId, contactId, campaignId, phone, disposition],
  );
  const delta = 'INSERT INTO campaign_deltas (campaign_id, counter, delta) VALUES ($1, $2, $3)';
  await db.query('INSERT INTO import_jobs (job_id, campaign_id, idempotency_key, imported) VALUES ($1, $2, $3, 1)', [v7(), campaignId, v7()]);
  await db.query(delta, [campaignId, 'attempts', 1]);
  if (disposition === null) {
    await db.query(
      "INSERT INTO open_attempts (contact_id, attempt_id, phone, campaign_id, trunk, pbx, dial_by) VALUES ($1, $2, $3, $4, 'default', 'pbx1', now())",
      [contactId, attemptId, phone, campaignId],
    );
    return { attemptId, contactId, phone };
  }
  await db.query(delta, [campaignId, `disposition:${disposition}`, 1]);
  if (disposition === 'answered') {
    for (const [counter, value] of [['talk_ms', 20_000], ['processed', 1], ['successful', 1]]) await db.query(delta, [campaignId, counter, value]);
  }
  return { attemptId, contactId, phone };
}
