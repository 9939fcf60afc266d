import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseCelLine } from '@discador/asterisk/cel';
import { attemptFromCel, type AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import { attemptHalf, type CelRecord } from '@discador/domain/records/cel-record';
import pg from 'pg';
import { checkLedger, type LedgerAttempt, type LedgerCheck } from './check-ledger.ts';

export interface LedgerSource {
  databaseUrl: string;
  campaignId: string;
  /** the PBXs' own event logs */
  celLogs: string[];
}

export interface CampaignCheck extends LedgerCheck {
  byDisposition: Record<string, number>;
  contactsByStatus: Record<string, number>;
  attempts: number;
}

/** Holds the ledger of one campaign, as PostgreSQL has it, against the CEL files of the PBXs. */
export async function checkCampaign({ databaseUrl, campaignId, celLogs }: LedgerSource): Promise<CampaignCheck> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const ledger = await readAttempts(client, campaignId);
    const contactsByStatus = await countBy(client, 'SELECT status AS key, count(*)::int AS n FROM report.contacts WHERE campaign_id = $1 GROUP BY 1 ORDER BY 1', campaignId);
    const byDisposition: Record<string, number> = {};
    for (const { disposition } of ledger) byDisposition[disposition ?? 'open'] = (byDisposition[disposition ?? 'open'] ?? 0) + 1;
    const records = await recordsOf(celLogs, campaignId, ledger);
    return { ...checkLedger(ledger, records), byDisposition, contactsByStatus, attempts: ledger.length };
  } finally {
    await client.end();
  }
}

/** The attempts of one campaign, as `report.attempts` has them. */
export async function readAttempts(client: pg.Client, campaignId: string): Promise<LedgerAttempt[]> {
  const { rows } = await client.query<{
    attempt_id: string; contact_id: string; campaign_id: string; phone: string; disposition: string | null; cause: number | null;
    claimed_at: Date; answered_at: Date | null; ended_at: Date | null; inferred: boolean;
  }>(`SELECT attempt_id, contact_id, campaign_id, phone, claimed_at, disposition, cause, answered_at, ended_at, inferred
        FROM report.attempts WHERE campaign_id = $1`, [campaignId]);
  return rows.map((row) => ({
    attemptId: row.attempt_id,
    contactId: row.contact_id,
    campaignId: row.campaign_id,
    phone: row.phone,
    claimedAt: row.claimed_at.getTime(),
    disposition: row.disposition,
    cause: row.cause,
    answeredAt: row.answered_at?.getTime() ?? null,
    endedAt: row.ended_at?.getTime() ?? null,
    inferred: row.inferred,
  }));
}

async function countBy(client: pg.Client, sql: string, campaignId: string): Promise<Record<string, number>> {
  const { rows } = await client.query<{ key: string; n: number }>(sql, [campaignId]);
  return Object.fromEntries(rows.map((row) => [row.key, row.n]));
}

/** The records of one campaign's calls: every attempt of the ledger, and every other whose account code is the campaign's. */
export async function recordsOf(files: string[], campaignId: string, ledger: readonly LedgerAttempt[]): Promise<Map<string, AttemptFromCel>> {
  const known = new Set(ledger.map(({ attemptId }) => attemptId));
  const all = await readCelFiles(files, campaignId);
  const own = [...all].filter(([attemptId, records]) => known.has(attemptId) || records.some((record) => record.account === campaignId));
  return new Map(own.map(([attemptId, records]) => [attemptId, attemptFromCel(attemptId, records)]));
}

/** What the PBXs' event logs say of attempts, by attempt id.
 *  @param since a UUID v7: only younger attempts, for ids of version 7 are in order of time. A campaign's own id will do; its calls cannot be told
 *  by account code alone, which is not yet set in a channel's first record */
export async function readCelFiles(files: string[], since: string): Promise<Map<string, CelRecord[]>> {
  const byAttempt = new Map<string, CelRecord[]>();
  for (const file of files.filter((name) => existsSync(name))) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const record = parseCelLine(line);
      const attemptId = record ? attemptHalf(record.channelId)?.attemptId : undefined;
      if (!record || !attemptId || attemptId < since) continue;
      const records = byAttempt.get(attemptId);
      if (records) records.push(record);
      else byAttempt.set(attemptId, [record]);
    }
  }
  return byAttempt;
}
