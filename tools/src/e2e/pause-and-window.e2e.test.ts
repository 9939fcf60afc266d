import { numbers } from './numbers.ts';
import { readCalls } from './recorded-calls.ts';
import { attemptsOf, count, createCampaign, eventually, masters, openCallsOf, openSystem, startCampaign, untilFinished, type System } from './system.ts';

/** One round of planning, and what a call needs from its claim to the PBX. */
const TICK_SEC = 0.25;
const TO_PBX_SEC = 0.5;

let system: System;

beforeAll(async () => {
  system = await openSystem();
}, 120_000);

afterAll(() => system?.close());

async function databaseTime(): Promise<number> {
  const { rows } = await system.db.query<{ at: Date }>('SELECT clock_timestamp() AS at');
  return (rows[0]?.at.getTime() ?? 0) / 1000;
}

test('a paused campaign places no call later than one tick, and goes on when started again', async () => {
  const phones = numbers(40, '011');
  const campaignId = await startCampaign(system, phones, {}, 10);
  await eventually('calls are placed', async () => (await attemptsOf(system, campaignId)) >= 8);
  await system.api.act(campaignId, 'pause');
  const pausedAt = await databaseTime();
  // Calls in the making talk on for 2 s; had it gone on, 20 more would have begun by then.
  await eventually('the calls of before have ended', async () => (await openCallsOf(system, campaignId)) === 0);
  const dialled = await attemptsOf(system, campaignId);
  expect(dialled).toBeLessThan(phones.length);
  expect(await count(system, `SELECT count(*) AS n FROM call_attempts WHERE campaign_id = $1 AND claimed_at > to_timestamp(${pausedAt + TICK_SEC})`, campaignId)).toBe(0);
  const calls = [...readCalls(system.stack.pbx[0]?.celLog ?? '').values()].filter(({ number }) => phones.includes(`+${number}`));
  expect(calls.filter(({ startedAt }) => startedAt > pausedAt + TICK_SEC + TO_PBX_SEC)).toEqual([]);
  await system.api.act(campaignId, 'start');
  await untilFinished(system, campaignId);
  expect(await attemptsOf(system, campaignId)).toBe(phones.length);
}, 60_000);

test('a campaign outside its window places no call; its clock inside, it does', async () => {
  const window = (fromHour: number): { windowFrom: string; windowTo: string; timeZone: string } => {
    const hour = (offset: number): string => `${String((new Date().getUTCHours() + 24 + offset) % 24).padStart(2, '0')}:00`;
    return { windowFrom: hour(fromHour), windowTo: hour(fromHour + 2), timeZone: 'UTC' };
  };
  const campaignId = await createCampaign(system, numbers(3, '011'), window(2));
  await system.api.act(campaignId, 'start');
  await eventually('the leader says so', async () => (await masters()).some(({ note }) => note?.includes('1 outside calling hours')));
  const rounds = await planningRounds();
  await eventually('eight more rounds', async () => (await planningRounds()) >= rounds + 8);
  expect(await attemptsOf(system, campaignId)).toBe(0);
  expect(await count(system, 'SELECT count(*) AS n FROM slices WHERE campaign_id = $1', campaignId)).toBe(0);
  await patchCampaign(campaignId, window(-1));
  await untilFinished(system, campaignId);
  expect(await attemptsOf(system, campaignId)).toBe(3);
}, 60_000);

/** Of all masters together; only the leader plans. */
async function planningRounds(): Promise<number> {
  const texts = await Promise.all((await masters()).map(async ({ metricsUrl }) => (await fetch(metricsUrl)).text()));
  return texts.flatMap((text) => [...text.matchAll(/^discador_master_ticks_total\{.*result="ok".*\} (\d+)$/gm)]).reduce((sum, match) => sum + Number(match[1]), 0);
}

async function patchCampaign(campaignId: string, changes: object): Promise<void> {
  const response = await fetch(`${system.stack.apiUrl}/v1/campaigns/${campaignId}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(changes) });
  expect(response.status).toBe(200);
}
