import { queuesLiveKey, type QueueLive } from '@discador/contracts/live';
import { Redis } from 'ioredis';
import { v7 } from 'uuid';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';
import { seedCall, type SeededCall } from '../testing/seed-calls.ts';

let gateway: TestGateway;
let redis: Redis;
let campaignId: string;
const seeded: SeededCall[] = [];
const pbx = `pbx-${process.pid}`;
const queue = `q${process.pid}`;

beforeAll(async () => {
  gateway = await openGateway();
  redis = new Redis(gateway.service.context.config.redisUrl);
  campaignId = (await gateway.ask('POST', '/v1/campaigns', { name: 'Spring', queue, callerId: '551130000000' })).body.campaignId;
  for (const [index, end] of (['answered', 'busy', 'answered', null] as const).entries()) seeded.push(await seedCall(gateway.db, campaignId, index, end));
});
afterAll(async () => {
  await redis.del(queuesLiveKey(pbx));
  redis.disconnect();
  await gateway.close();
});

test('metrics come from counters, open attempts and the live queue', async () => {
  const live: QueueLive = { pbx, queue, at: Date.now(), agents: { loggedIn: 3, idle: 1, busy: 2, paused: 0, wrapUp: 0 }, waiting: 1, connected: 2 };
  await redis.hset(queuesLiveKey(pbx), { [queue]: JSON.stringify(live), broken: '{' });
  const { body, status } = await gateway.ask('GET', `/v1/campaigns/${campaignId}/metrics`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    campaignId, contacts: { total: 4, byStatus: { ready: 0, dialing: 1, retry: 1, completed: 2, failed: 0 } },
    attempts: { total: 4, byDisposition: { answered: 2, busy: 1, no_answer: 0 } },
    inFlight: 1, answeredNow: 3, callsPerHour: 240, averageCallTimeSec: 20, successRate: 1,
  });
  await redis.hset(queuesLiveKey(pbx), queue, JSON.stringify({ ...live, at: Date.now() - 6000 }));
  expect((await gateway.ask('GET', `/v1/campaigns/${campaignId}/metrics`)).body.answeredNow).toBeNull();
  expect(await gateway.ask('GET', '/v1/system/queues')).toMatchObject({ status: 200, body: { broker: [{ name: 'discador.slices' }, {}, {}] } });
});

test('totals of the campaign', async () => {
  const { body } = await gateway.ask('GET', `/v1/campaigns/${campaignId}`);
  expect(body.totals).toEqual({ contacts: 4, processed: 2, successful: 2, remaining: 2, successRate: 1 });
});

test('contacts are paged and filtered', async () => {
  const first = await gateway.ask('GET', `/v1/campaigns/${campaignId}/contacts?limit=3`);
  expect(first.body.items.map((item: { contactId: string }) => item.contactId)).toEqual(seeded.slice(0, 3).map((call) => call.contactId));
  expect(first.body.items[1]).toMatchObject({ name: 'Contact 1', status: 'retry', result: 'busy', attempts: 1, maxAttempts: 3, nextPhone: seeded[1]?.phone });
  const second = await gateway.ask('GET', `/v1/campaigns/${campaignId}/contacts?limit=3&cursor=${first.body.nextCursor}`);
  expect(second.body).toMatchObject({ items: [{ contactId: seeded[3]?.contactId, status: 'dialing', dueAt: null }], nextCursor: null });
  expect((await gateway.ask('GET', `/v1/campaigns/${campaignId}/contacts?status=completed`)).body.items).toHaveLength(2);
});

test('calls are paged, the newest first, and each can be looked at', async () => {
  const first = await gateway.ask('GET', `/v1/campaigns/${campaignId}/calls?limit=2`);
  expect(first.body.items.map((item: { attemptId: string }) => item.attemptId)).toEqual([seeded[3]?.attemptId, seeded[2]?.attemptId]);
  expect(first.body.items[0]).toMatchObject({ state: 'placing', disposition: null, endedAt: null, durationSec: null });
  const second = await gateway.ask('GET', `/v1/campaigns/${campaignId}/calls?limit=2&cursor=${first.body.nextCursor}`);
  expect(second.body.items).toHaveLength(2);
  expect(second.body.nextCursor).toBeNull();
  const one = await gateway.ask('GET', `/v1/calls/${seeded[0]?.attemptId}`);
  expect(one).toMatchObject({
    status: 200,
    body: { state: 'finished', source: '551130000000', destination: seeded[0]?.phone, disposition: 'answered', durationSec: 30, talkSec: 20, cause: 16 },
  });
  expect(await gateway.ask('GET', `/v1/calls/${v7()}`)).toMatchObject({ status: 404 });
  expect(await gateway.ask('GET', `/v1/campaigns/${v7()}/calls`)).toMatchObject({ status: 404 });
  expect((await gateway.ask('GET', '/v1/system/activity?limit=1')).body.items).toMatchObject([{ attemptId: seeded[3]?.attemptId }]);
});

test('with open calls it is not deleted; afterwards it goes, and its attempts stay in the ledger', async () => {
  expect(await gateway.ask('DELETE', `/v1/campaigns/${campaignId}`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  await gateway.db.query('DELETE FROM open_attempts');
  expect(await gateway.ask('DELETE', `/v1/campaigns/${campaignId}`)).toMatchObject({ status: 204 });
  const left = await gateway.db.query(
    `SELECT (SELECT count(*)::int FROM contacts) AS contacts, (SELECT count(*)::int FROM campaign_deltas) AS deltas,
            (SELECT count(*)::int FROM call_attempts) AS attempts`,
  );
  expect(left.rows).toEqual([{ contacts: 0, deltas: 0, attempts: 4 }]);
});
