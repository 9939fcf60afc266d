import { numbers } from './numbers.ts';
import { attemptsOf, count, eventually, masters, openSystem, startCampaign, untilFinished, type System } from './system.ts';

const LOCK = 'discador:lock:master';
/** More than two lives of the lock and ten rounds of planning. */
const WATCHED_SEC = 4;

let system: System;

beforeAll(async () => {
  const without = await openSystem({ masters: 0 });
  await eventually('the masters’ lock is free', async () => (await without.redis.set(LOCK, 'an outsider', 'NX')) === 'OK');
  await without.close();
  system = await openSystem();
}, 120_000);

afterAll(async () => {
  await system?.redis.del(LOCK);
  await system?.close();
});

test('while an outsider holds the masters’ lock nothing is dialled and status says why; freed, it dials', async () => {
  const campaignId = await startCampaign(system, numbers(5, '011'));
  const notes = await eventually('every master tells why it does not lead', async () => {
    const found = (await masters()).map(({ note }) => note ?? '');
    return found.length === 2 && found.every((note) => /nothing is dialled/.test(note)) && found;
  });
  expect(notes.join()).toContain(`${LOCK} is held without an end by someone who is not a running master`);
  expect((await masters()).filter(({ leader }) => leader)).toEqual([]);
  await eventually('the campaign has been active for a while', () => count(system, `SELECT (now() - started_at > make_interval(secs => ${WATCHED_SEC}))::int AS n FROM campaigns WHERE campaign_id = $1`, campaignId));
  expect(await count(system, 'SELECT count(*) AS n FROM slices WHERE campaign_id = $1', campaignId)).toBe(0);
  expect(await attemptsOf(system, campaignId)).toBe(0);
  expect(await system.redis.get(LOCK)).toBe('an outsider');
  await system.redis.del(LOCK);
  await untilFinished(system, campaignId);
  expect(await attemptsOf(system, campaignId)).toBe(5);
}, 60_000);
