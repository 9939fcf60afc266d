import { identify } from '../stack/processes.ts';
import { numbers } from './numbers.ts';
import { readCalls, settledDifferences } from './recorded-calls.ts';
import { attemptsOf, count, eventually, masters, openCallsOf, openSystem, replicaOf, startCampaign, untilFinished, type System } from './system.ts';

/** The dead leader's lock lives 2 s; election and the new term take the rest. */
const TAKEOVER_MS = 6000;
const CONTACTS = 60;

let system: System;

beforeAll(async () => {
  system = await openSystem();
}, 120_000);

afterAll(async () => {
  if (!system) return;
  letSupervisor('SIGCONT');
  await system.close();
});

/** A stopped supervisor restarts nobody. */
const letSupervisor = (signal: 'SIGSTOP' | 'SIGCONT'): void => void process.kill(system.stack.supervisorPid ?? 0, signal);

test('each replica is a process of its own', () => {
  const { services } = system.stack;
  expect(new Set(services.map(({ pid }) => pid)).size).toBe(services.length);
  for (const { name, pid } of services) expect(identify(pid ?? 0)?.cmdline).toContain(`apps/${name}/dist/main.js`);
});

test('with leader and a worker killed in mid-campaign nothing is called twice and nothing is lost', async () => {
  const leader = await eventually('a master leads', async () => (await masters()).find((master) => master.leader));
  const phones = [...numbers(CONTACTS - 10, '011'), ...numbers(10, '002')];
  const campaignId = await startCampaign(system, phones, {}, 10);
  const worker = await eventually('a worker with calls of its own', async () => (await attemptsOf(system, campaignId)) >= 15 && (await busiestWorker(campaignId)));
  letSupervisor('SIGSTOP'); // the standby shall take over, not the dead one's next life
  process.kill(leader.pid ?? 0, 'SIGKILL');
  process.kill(replicaOf(system, worker).process?.pid ?? 0, 'SIGKILL');

  const next = await eventually('another master leads', async () => (await masters()).find((master) => master.leader && master.pid !== leader.pid), TAKEOVER_MS);
  expect(next.replica).not.toBe(leader.replica);
  letSupervisor('SIGCONT');
  for (const id of [`discador-master-${leader.replica}`, worker]) await eventually(`${id} runs again`, () => isNewProcess(id), 10_000);

  await untilFinished(system, campaignId, 60_000);
  expect(await openCallsOf(system, campaignId)).toBe(0);
  expect(await count(system, "SELECT count(*) AS n FROM report.contacts WHERE campaign_id = $1 AND status IN ('completed', 'failed')", campaignId)).toBe(CONTACTS);
  expect(await settledDifferences(system, campaignId)).toEqual([]);
  expect(await callsPerNumber(phones)).toEqual(new Map(phones.map((phone) => [phone, 1])));
}, 90_000);

async function busiestWorker(campaignId: string): Promise<string | undefined> {
  const { rows } = await system.db.query<{ worker_id: string }>(
    'SELECT worker_id FROM call_attempts WHERE campaign_id = $1 AND ended_at IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
    [campaignId],
  );
  return rows[0]?.worker_id;
}

function isNewProcess(id: string): boolean {
  const before = system.stack.services.find(({ name, replica }) => `${name}-${replica}` === id);
  const { process: now, restarts } = replicaOf(system, id);
  return now !== null && now.pid !== before?.pid && restarts > (before?.restarts ?? 0);
}

async function callsPerNumber(phones: string[]): Promise<Map<string, number>> {
  const calls = [...readCalls(system.stack.pbx[0]?.celLog ?? '').values()];
  return new Map(phones.map((phone) => [phone, calls.filter(({ number }) => `+${number}` === phone).reduce((sum, { starts }) => sum + starts, 0)]));
}
