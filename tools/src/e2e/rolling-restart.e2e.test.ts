import { checkCampaign } from '../ledger-check/read-ledger.ts';
import { numbers } from './numbers.ts';
import { readCalls } from './recorded-calls.ts';
import { attemptsOf, eventually, openCallsOf, openSystem, replicaOf, startCampaign, type System } from './system.ts';

const CALLS_PER_SEC = 8;
/** 4, 5 and 6 s from start to end. */
const CALLS = ['021', '121', '221'];
/** Enough to dial from the first replica to the last, whatever the machine. */
const CONTACTS_EACH = 400;
const STOP_MS = 30_000;
/** How long dialling may be still. */
const STILL_MS = 3000;
/** Services of different lanes are restarted at once, as a new release does; of a lane, one replica after another. The monitor first:
 *  what ended while the only one was away is closed by the sweeper meanwhile. */
const LANES = [['ari-monitor', 'discador-master', 'monitoring-worker', 'record-shipper'], ['campaign-worker', 'gateway']];

let system: System;
let campaignId: string;

beforeAll(async () => {
  system = await openSystem();
}, 120_000);

afterAll(async () => {
  // Left dialling by a test that failed, it would take the trunk from the next ones.
  await system?.api.act(campaignId, 'finish').catch(() => undefined);
  await system?.close();
});

test('every replica of every service restarted in mid-campaign: each ends with 0 in time, dialling goes on, no call is lost or made twice', async () => {
  campaignId = await startCampaign(system, CALLS.flatMap((digits) => numbers(CONTACTS_EACH, digits)), { maxChannels: 150 }, CALLS_PER_SEC);
  await eventually('calls are steady', async () => (await attemptsOf(system, campaignId)) >= CALLS_PER_SEC * 3);
  const lanes = LANES.map((lane) => lane.flatMap((service) => system.stack.services.filter(({ name }) => name === service)));
  expect(lanes.flat()).toHaveLength(system.stack.services.length);

  const from = Date.now();
  const tookMs: Record<string, number> = {};
  await Promise.all(lanes.map(async (lane) => {
    for (const { name, replica, healthUrl } of lane) tookMs[`${name}-${replica}`] = await restart(`${name}-${replica}`, healthUrl);
  }));
  const to = Date.now();
  await system.api.act(campaignId, 'finish');

  const stillMs = longestGap(startsOf(), from, to);
  process.stdout.write(`rolled ${lanes.flat().length} replicas in ${to - from} ms; longest time without a call's start ${stillMs} ms; SIGTERM to end, ms: ${JSON.stringify(tookMs)}\n`);
  expect(stillMs).toBeLessThanOrEqual(STILL_MS);
  await eventually('every attempt has ended', async () => (await openCallsOf(system, campaignId)) === 0, 40_000);
  const settled = await eventually('the PBX has written the ends', async () => {
    const found = await check();
    return found.mismatches.length === 0 && found;
  }, 3000).catch(check);
  expect(settled).toMatchObject({ mismatches: [], duplicates: [], inDoubt: 0, open: 0 });
  expect(settled.calls).toBeGreaterThan(((to - from) / 1000) * CALLS_PER_SEC * 0.7);
}, 120_000);

/** Stops a replica; its supervisor starts it again. @returns ms from SIGTERM to its end, once its next life is ready */
async function restart(id: string, healthUrl: string): Promise<number> {
  const before = replicaOf(system, id).process?.pid;
  if (!before) throw new Error(`${id} does not run`);
  const began = performance.now();
  process.kill(before, 'SIGTERM');
  const ended = await eventually(`${id} has ended`, () => {
    const now = replicaOf(system, id);
    return now.process?.pid !== before && now;
  }, STOP_MS);
  const tookMs = Math.round(performance.now() - began);
  expect([id, ended.lastExit]).toEqual([id, 'exit code 0']);
  await eventually(`${id} is ready again`, async () => {
    const { process: now } = replicaOf(system, id);
    return now && now.pid !== before && (await fetch(healthUrl).then(({ ok }) => ok, () => false));
  });
  return tookMs;
}

const celLogs = (): string[] => system.stack.pbx.map(({ celLog }) => celLog ?? '');

const check = () => checkCampaign({ databaseUrl: system.stack.postgresUrl ?? '', campaignId, celLogs: celLogs() });

/** When the campaign's calls began, by the PBX, in epoch ms. */
function startsOf(): number[] {
  const calls = celLogs().flatMap((file) => [...readCalls(file).values()]);
  return calls.filter(({ account }) => account === campaignId).map(({ startedAt }) => startedAt * 1000);
}

/** The longest time between two of `times` in the span, its ends included. */
function longestGap(times: number[], from: number, to: number): number {
  const marks = [from, ...times.filter((at) => at > from && at < to).toSorted((a, b) => a - b), to];
  return Math.round(Math.max(...marks.slice(1).map((at, index) => at - (marks[index] ?? from))));
}
