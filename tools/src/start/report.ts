import Table from 'cli-table3';
import pc from 'picocolors';
import type { CampaignCheck } from '../ledger-check/read-ledger.ts';

/** The last line of `npm start -- --exit --json` (contract 1). */
export interface RunResult {
  ok: boolean;
  campaignId: string;
  seconds: number;
  contacts: { imported: number; rejected: number; byStatus: Record<string, number> };
  attempts: { total: number; byDisposition: Record<string, number> };
  pbx: { calls: number; matched: number; mismatched: number };
  duplicates: number;
  inDoubt: number;
  unaccounted: number;
}

const FINAL = new Set(['completed', 'failed']);

/** Puts the result together. Unaccounted: contacts without a final status or missing, and attempts without an end. */
export function resultOf(run: { campaignId: string; seconds: number; imported: number; rejected: number }, check: CampaignCheck): RunResult {
  const byStatus = check.contactsByStatus;
  const stored = Object.values(byStatus).reduce((sum, n) => sum + n, 0);
  const unfinished = Object.entries(byStatus).reduce((sum, [status, n]) => sum + (FINAL.has(status) ? 0 : n), 0);
  const unaccounted = unfinished + check.open + Math.abs(run.imported - stored);
  return {
    ok: check.mismatches.length === 0 && check.duplicates.length === 0 && unaccounted === 0,
    campaignId: run.campaignId,
    seconds: Math.round(run.seconds * 10) / 10,
    contacts: { imported: run.imported, rejected: run.rejected, byStatus },
    attempts: { total: check.attempts, byDisposition: check.byDisposition },
    pbx: { calls: check.calls, matched: check.matched, mismatched: check.mismatches.length },
    duplicates: check.duplicates.length,
    inDoubt: check.inDoubt,
    unaccounted,
  };
}

/** The report for people. */
export function reportText(result: RunResult, check: CampaignCheck): string {
  const table = (head: string, rows: Record<string, number>): string => {
    const made = new Table({ head: [head, ''], colAligns: ['left', 'right'], style: { head: [], border: [] } });
    made.push(...Object.entries(rows).sort(([, a], [, b]) => b - a).map(([name, n]) => [name, n]));
    return made.toString();
  };
  const verdict = result.ok ? pc.green('✓ the ledger and the PBX agree') : pc.red('✗ the ledger and the PBX do not agree, or something is open');
  const found = [...check.mismatches, ...check.duplicates].slice(0, 10).map(({ attemptId, why }) => `  ${attemptId}: ${why}`);
  return [
    '',
    table('contacts by status', result.contacts.byStatus),
    table('attempts by disposition', result.attempts.byDisposition),
    `${result.contacts.imported} contacts imported, ${result.contacts.rejected} rows rejected · ${result.attempts.total} attempts in ${result.seconds} s`,
    `PBX: ${result.pbx.calls} calls, ${result.pbx.matched} match the ledger, ${result.pbx.mismatched} do not · duplicates ${result.duplicates} · in doubt ${result.inDoubt} · unaccounted ${result.unaccounted}`,
    verdict,
    ...found,
    '',
  ].join('\n');
}
