import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactsCsv, numbers } from './numbers.ts';
import { runStart, withoutNpmBanner, type Ended, type StartRun } from './run-start.ts';
import { eventually, openSystem, type System } from './system.ts';

const CONTACTS = 6;
const DELETE_ONE = `DELETE FROM call_attempts WHERE attempt_id =
  (SELECT attempt_id FROM call_attempts WHERE campaign_id = $1 AND ended_at IS NOT NULL ORDER BY attempt_id LIMIT 1) RETURNING attempt_id`;
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, n) => total + n, 0);

let folder: string;
let system: System;
let demo: StartRun;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'discador-e2e-'));
  demo = runStart(['--contacts', String(CONTACTS)]);
  await demo.said(/campaign: ([0-9a-f-]{36})/);
  system = await openSystem();
}, 120_000);

afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

// While the demo dials: each run looks at its own campaign only.
test('an attempt that is deleted by hand before the final check makes --exit return 1', async () => {
  const phones = [...numbers(4, '005'), ...numbers(4, '021')];
  writeFileSync(join(folder, 'contacts.csv'), contactsCsv(phones));
  const run = runStart(['--csv', join(folder, 'contacts.csv')]);
  const campaignId = await run.said(/campaign: ([0-9a-f-]{36})/);
  const deleted = await eventually('an attempt has ended', async () => (await system.db.query<{ attempt_id: string }>(DELETE_ONE, [campaignId])).rows[0]?.attempt_id);
  expect((await system.api.campaign(campaignId)).status).toBe('active');
  const { code, result, stderr } = await run.ended;
  expect(code).toBe(1);
  expect(result).toMatchObject({ ok: false, attempts: { total: phones.length - 1 }, pbx: { calls: phones.length, matched: phones.length - 1, mismatched: 1 } });
  expect(stderr).toContain(deleted);
}, 60_000);

describe('npm start -- --exit --contacts N --json', () => {
  let run: Ended;

  beforeAll(async () => {
    run = await demo.ended;
  }, 90_000);

  test('ends well', () => {
    expect(run.code).toBe(0);
    expect(run.result.ok).toBe(true);
  });

  test('writes to stdout one line of JSON with every field of the contract', () => {
    const lines = withoutNpmBanner(run.stdout);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      ok: true,
      campaignId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/),
      seconds: expect.any(Number),
      contacts: { imported: expect.any(Number), rejected: expect.any(Number), byStatus: expect.any(Object) },
      attempts: { total: expect.any(Number), byDisposition: expect.any(Object) },
      pbx: { calls: expect.any(Number), matched: expect.any(Number), mismatched: 0 },
      duplicates: 0,
      inDoubt: 0,
      unaccounted: 0,
    });
  });

  test('counts right', () => {
    const { contacts, attempts, pbx } = run.result;
    expect(contacts.imported).toBe(CONTACTS);
    expect(contacts.rejected).toBeGreaterThan(0);
    expect(sum(contacts.byStatus)).toBe(contacts.imported);
    expect(Object.keys(contacts.byStatus).filter((status) => !['completed', 'failed'].includes(status))).toEqual([]);
    expect(sum(attempts.byDisposition)).toBe(attempts.total);
    expect(attempts.total).toBeGreaterThanOrEqual(contacts.imported);
    expect(pbx.matched).toBe(pbx.calls);
    expect(pbx.calls).toBe(attempts.total - (attempts.byDisposition['not_placed'] ?? 0));
  });

  test('writes to stderr what reads well without a terminal', () => {
    expect(run.stderr).not.toMatch(/[\x1b\r]/);
    expect(run.stderr).toMatch(/✓ campaign created, contacts imported \(\d+\.\d s\)/);
    expect(run.stderr).toContain('✓ the ledger and the PBX agree');
  });
});
