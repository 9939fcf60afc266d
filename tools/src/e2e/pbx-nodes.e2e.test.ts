import { execFile } from 'node:child_process';
import { checkCampaign } from '../ledger-check/read-ledger.ts';
import { numbers } from './numbers.ts';
import { attemptsOf, count, eventually, openCallsOf, openSystem, replicaOf, startCampaign, untilFinished, type System } from './system.ts';

const CALLS_PER_SEC = 10;
const LOST_AFTER_SEC = 10;
/** Answered at once, and 8 s of talk: many are going on at any moment. */
const LONG_CALLS = '041';
const SHORT_CALLS = '012';

let system: System;

beforeAll(async () => {
  system = await openSystem({ pbx: 2, env: { 'campaign-worker': { PBX_LOST_AFTER_SEC: String(LOST_AFTER_SEC) } } });
}, 120_000);

afterAll(async () => {
  letSupervisor('SIGCONT');
  await system?.close();
});

/** A stopped supervisor restarts nobody. */
const letSupervisor = (signal: 'SIGSTOP' | 'SIGCONT'): void => void (system?.stack.supervisorPid && process.kill(system.stack.supervisorPid, signal));

const callsAt = (campaignId: string, pbx: string, more = ''): Promise<number> =>
  count(system, `SELECT count(*) AS n FROM call_attempts WHERE campaign_id = $1 AND pbx = '${pbx}' ${more}`, campaignId);

/** Ledger and records of both PBXs agree, and nobody was called too often. */
async function expectAgreement(campaignId: string): Promise<void> {
  const source = { databaseUrl: system.stack.postgresUrl ?? '', campaignId, celLogs: system.stack.pbx.map(({ celLog }) => celLog ?? '') };
  const agreed = await eventually('ledger and PBXs agree', async () => {
    const check = await checkCampaign(source);
    return check.mismatches.length === 0 && check;
  }, 3000).catch(() => checkCampaign(source));
  expect(agreed).toMatchObject({ mismatches: [], duplicates: [], open: 0 });
}

test('calls are spread over the PBXs; one that is drained gets no more of them, keeps those it has, and takes part again afterwards', async () => {
  const campaignId = await startCampaign(system, numbers(100, LONG_CALLS), { maxChannels: 200 }, CALLS_PER_SEC);
  await eventually('calls at both', async () => (await attemptsOf(system, campaignId)) >= 30);
  const [first, second] = [await callsAt(campaignId, 'pbx1'), await callsAt(campaignId, 'pbx2')];
  expect(Math.min(first, second) / Math.max(first, second)).toBeGreaterThan(0.5);

  const before = replicaOf(system, 'pbx2').process?.pid;
  const drained = new Promise((resolve) => execFile(system.stack.pbx[1]?.cli[0] ?? '', ['-rx', 'core stop gracefully'], resolve));
  const began = await attemptsOf(system, campaignId);
  await eventually('the other dials on', async () => (await attemptsOf(system, campaignId)) >= began + 3 * CALLS_PER_SEC);
  // What was on its way when it began to refuse; each of them is due again at once.
  expect(await callsAt(campaignId, 'pbx2', `AND disposition = 'not_placed'`)).toBeLessThanOrEqual(CALLS_PER_SEC);
  await drained;
  await eventually('it runs again', () => (replicaOf(system, 'pbx2').process?.pid ?? before) !== before);

  await untilFinished(system, campaignId, 60_000);
  expect(await count(system, `SELECT count(*) AS n FROM report.contacts WHERE campaign_id = $1 AND status = 'completed'`, campaignId)).toBe(100);
  await expectAgreement(campaignId);
}, 120_000);

test('a PBX lost for good in mid-campaign: the others dial on, its calls are closed without it, and nobody is called twice', async () => {
  const campaignId = await startCampaign(system, [...numbers(40, LONG_CALLS), ...numbers(60, SHORT_CALLS)], { maxChannels: 200, maxAttempts: 2 }, CALLS_PER_SEC);
  await eventually('calls at the one to be lost', async () => (await callsAt(campaignId, 'pbx2', 'AND ended_at IS NULL')) >= 10);
  letSupervisor('SIGSTOP');
  process.kill(replicaOf(system, 'pbx2').process?.pid ?? 0, 'SIGKILL');
  const lost = await callsAt(campaignId, 'pbx2', 'AND ended_at IS NULL');

  await untilFinished(system, campaignId, 90_000);
  expect(await openCallsOf(system, campaignId)).toBe(0);
  expect(await count(system, `SELECT count(*) AS n FROM report.contacts WHERE campaign_id = $1 AND status IN ('completed', 'failed')`, campaignId)).toBe(100);
  expect(await callsAt(campaignId, 'pbx2', 'AND inferred')).toBeGreaterThanOrEqual(lost - CALLS_PER_SEC); // the ends of some were under way
  await expectAgreement(campaignId);
}, 150_000);
