import { attemptFromCel } from '@discador/domain/records/attempt-from-cel';
import pg from 'pg';
import { readAttempts, readCelFiles } from '../ledger-check/read-ledger.ts';
import type { ChaosRun } from './run-chaos.ts';
import type { Evidence } from './types.ts';

/** The last records of the PBX and the last messages of the carrier are on their way for a moment after the last call. */
export const SETTLE_MS = 2_000;

interface ContactRow {
  contact_id: string;
  campaign_id: string;
  phones: string[];
  status: string;
  due_at: Date | null;
}

/** Reads what the judge needs: the carrier's log and the PBX's own file, and the ledger that is held against them. */
export async function gatherEvidence({ stack, campaigns, invites, pbxDeaths, pbxBacks }: ChaosRun): Promise<Evidence> {
  const client = new pg.Client({ connectionString: stack.postgresUrl ?? '' });
  await client.connect();
  try {
    const ids = campaigns.map(({ campaignId }) => campaignId);
    const ledger = [];
    for (const campaignId of ids) ledger.push(...(await readAttempts(client, campaignId)));
    const celLogs = stack.pbx.map(({ celLog }) => celLog ?? '');
    const cel = await readCelFiles(celLogs, ids.toSorted()[0] ?? ''); // nobody else dials meanwhile: every call is ours
    const contacts = await client.query<ContactRow>('SELECT contact_id, campaign_id, phones, status, due_at FROM report.contacts WHERE campaign_id = ANY($1)', [ids]);
    const open = await client.query<{ attempt_id: string }>('SELECT attempt_id FROM open_attempts');
    return {
      invites,
      records: new Map([...cel].map(([attemptId, records]) => [attemptId, attemptFromCel(attemptId, records)])),
      pbxDeaths,
      pbxBacks,
      ledger,
      contacts: contacts.rows.map((row) => ({ contactId: row.contact_id, campaignId: row.campaign_id, phones: row.phones, status: row.status, dueAt: row.due_at?.getTime() ?? null })),
      campaigns,
      openAttempts: open.rows.map((row) => row.attempt_id),
    };
  } finally {
    await client.end();
  }
}

/** Counts that only the ledger knows. */
export async function countSources({ stack, campaigns }: ChaosRun): Promise<{ swept: number; inferred: number }> {
  const client = new pg.Client({ connectionString: stack.postgresUrl ?? '' });
  await client.connect();
  try {
    const { rows } = await client.query<{ swept: number; inferred: number }>(
      `SELECT count(*) FILTER (WHERE outcome_source = 'sweeper')::int AS swept,
              count(*) FILTER (WHERE inferred AND outcome_source <> 'sweeper')::int AS inferred FROM report.attempts WHERE campaign_id = ANY($1)`,
      [campaigns.map(({ campaignId }) => campaignId)],
    );
    return rows[0] ?? { swept: 0, inferred: 0 };
  } finally {
    await client.end();
  }
}
