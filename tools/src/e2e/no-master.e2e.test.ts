import { numbers } from './numbers.ts';
import { settledDifferences } from './recorded-calls.ts';
import { attemptsOf, count, eventually, masters, openCallsOf, openSystem, startCampaign, untilFinished, type System } from './system.ts';

const CONTACTS = 60;

let system: System;

beforeAll(async () => {
  system = await openSystem();
}, 120_000);

afterAll(async () => {
  if (!system) return;
  process.kill(system.stack.supervisorPid ?? 0, 'SIGCONT');
  await system.close();
});

test('with all masters killed and kept dead dialling ends when the issued quotas do', async () => {
  const campaignId = await startCampaign(system, numbers(CONTACTS, '011'), {}, 10);
  await eventually('calls are placed', async () => (await attemptsOf(system, campaignId)) >= 10);
  // A stopped supervisor restarts nobody.
  process.kill(system.stack.supervisorPid ?? 0, 'SIGSTOP');
  for (const { pid } of await masters()) process.kill(pid ?? 0, 'SIGKILL');
  const { rows } = await system.db.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  const killedAt = rows[0]?.at.toISOString() ?? '';

  await eventually('no living quota is left', async () => (await count(system, 'SELECT count(*) AS n FROM slices WHERE campaign_id = $1 AND closed_at IS NULL AND expires_at > now()', campaignId)) === 0);
  const dialled = await attemptsOf(system, campaignId);
  await eventually('every call has ended', async () => (await openCallsOf(system, campaignId)) === 0);
  expect(await attemptsOf(system, campaignId)).toBe(dialled);
  expect(dialled).toBeLessThan(CONTACTS);
  expect(dialled).toBeLessThanOrEqual(await count(system, 'SELECT sum(quota) AS n FROM slices WHERE campaign_id = $1', campaignId));
  expect(await count(system, `SELECT count(*) AS n FROM slices WHERE campaign_id = $1 AND created_at > '${killedAt}'::timestamptz + interval '250 ms'`, campaignId)).toBe(0);
  expect(await count(system, "SELECT count(*) AS n FROM contacts WHERE campaign_id = $1 AND status = 'ready'", campaignId)).toBe(CONTACTS - dialled);

  process.kill(system.stack.supervisorPid ?? 0, 'SIGCONT');
  await untilFinished(system, campaignId);
  expect(await attemptsOf(system, campaignId)).toBe(CONTACTS);
  expect(await settledDifferences(system, campaignId)).toEqual([]);
}, 90_000);
