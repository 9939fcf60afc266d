import { BusConnection } from '@discador/bus/bus-connection';
import { DeduplicatingConsumer } from '@discador/bus/deduplicating-consumer';
import { Publisher } from '@discador/bus/publisher';
import { MemorySeenStore } from '@discador/bus/seen-store';
import { createTestBus } from '@discador/bus/testing/test-bus';
import type { DiscadorEvent } from '@discador/contracts/events/catalogue';
import { CampaignRelay } from '@discador/discador-master/campaign-relay';
import { Database } from '@discador/postgres/database';
import { until } from '@discador/runtime/testing/until';
import { pino } from 'pino';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const create = async (body: object = {}) => (await gateway.ask('POST', '/v1/campaigns', { name: 'Spring', queue: 'sales', ...body })).body;
const fieldsOf = (body: { errors: { field: string; code: string }[] }) => body.errors.map(({ field, code }) => `${field}:${code}`).sort();

test('a campaign is created with the defaults, changed, started, paused and deleted', async () => {
  const created = await gateway.ask('POST', '/v1/campaigns', { name: '  Spring  ', queue: 'sales' });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    name: 'Spring', status: 'draft', mode: 'progressive', queue: 'sales', trunk: 'default', callerId: null, maxChannels: 10,
    impulseFactor: 6, maxMultiplier: 20, averageCallTimeSec: 180, windowFrom: '09:00', windowTo: '21:00', timeZone: 'America/Sao_Paulo',
    maxAttempts: 3, retryDelaySec: 1800, ringTimeoutSec: 28, startedAt: null,
    totals: { contacts: 0, processed: 0, successful: 0, remaining: 0, successRate: null },
  });
  const url = `/v1/campaigns/${created.body.campaignId}`;
  const changed = await gateway.ask('PATCH', url, { windowTo: '24:00', timeZone: 'Europe/Lisbon', callerId: '551130000000' });
  expect(changed).toMatchObject({ status: 200, body: { windowTo: '24:00', timeZone: 'Europe/Lisbon', callerId: '551130000000', name: 'Spring' } });

  const started = await gateway.ask('POST', `${url}/start`);
  expect(started).toMatchObject({ status: 200, body: { status: 'active' } });
  expect(Date.parse(started.body.startedAt)).toBeGreaterThan(0);
  expect(await gateway.ask('POST', `${url}/start`)).toMatchObject({ status: 200, body: { startedAt: started.body.startedAt } });
  expect(await gateway.ask('DELETE', url)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(await gateway.ask('POST', `${url}/pause`)).toMatchObject({ status: 200, body: { status: 'paused' } });
  expect(await gateway.ask('DELETE', url)).toMatchObject({ status: 204, body: '' });
  expect(await gateway.ask('GET', url)).toMatchObject({ status: 404, body: { code: 'not_found', status: 404, title: 'Not Found' } });
});

test('what is done to a campaign comes to the bus by the master, once each; a command that changes nothing, or is refused, is not told', async () => {
  const log = pino({ level: 'silent' });
  await gateway.db.query('DELETE FROM campaign_outbox');
  const { campaignId } = await create();
  const url = `/v1/campaigns/${campaignId}`;
  for (const command of ['pause', 'start', 'start', 'pause', 'start', 'finish', 'start']) await gateway.ask('POST', `${url}/${command}`);
  const told: DiscadorEvent[] = [];
  const testBus = await createTestBus();
  const bus = new BusConnection({ url: testBus.url, name: 'test', log });
  const consumer = new DeduplicatingConsumer(bus, {
    name: 'test', bindings: ['campaign.#'], store: new MemorySeenStore(), log, handle: async (events) => void told.push(...events),
  });
  const { connectionString = '' } = gateway.db.options;
  const database = new Database({ url: connectionString, name: 'test', log });
  const relay = new CampaignRelay({ database, publisher: new Publisher(bus), log, onPublished: () => undefined });
  bus.start();
  await until(() => consumer.consuming);
  relay.start(() => true);
  await until(() => told.length >= 5);
  await relay.stop();
  expect(told.map(({ type }) => type)).toEqual(['created', 'started', 'paused', 'started', 'finished'].map((what) => `campaign.${what}`));
  expect(told.every(({ data }) => 'name' in data && data.name === 'Spring' && data.campaignId === campaignId)).toBe(true);
  expect((await gateway.db.query('SELECT 1 FROM campaign_outbox')).rows).toEqual([]);
  await consumer.stop();
  await Promise.all([bus.close(), database.close()]);
  await testBus.drop();
});

test('wrong bodies are 422 problems that name each field and repeat no value', async () => {
  const answer = await gateway.ask('POST', '/v1/campaigns', {
    name: '', mode: 'predictive', maxChannels: '10', windowFrom: '9:00', timeZone: '+03:00', ringTimeoutSec: 500, colour: 'hunter2', queue: 'a b',
  });
  expect(answer.status).toBe(422);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(fieldsOf(answer.body)).toEqual([
    'colour:unknown_field', 'maxChannels:wrong_type', 'mode:not_allowed', 'name:too_small', 'queue:wrong_format',
    'ringTimeoutSec:too_big', 'timeZone:not_allowed', 'windowFrom:wrong_format',
  ]);
  expect(JSON.stringify(answer.body)).toContain('comes later');
  expect(JSON.stringify(answer.body)).not.toContain('hunter2');

  expect(fieldsOf((await gateway.ask('POST', '/v1/campaigns', {})).body)).toEqual(['name:required']);
  expect(fieldsOf((await gateway.ask('POST', '/v1/campaigns', { name: 'x' })).body)).toEqual(['queue:required']);
  expect(await gateway.ask('POST', '/v1/campaigns', { name: 'x', mode: 'agentless' })).toMatchObject({ status: 201, body: { queue: null } });
  expect(await gateway.ask('POST', '/v1/campaigns', { name: 'x', queue: 'q', trunk: 'nowhere' })).toMatchObject({ status: 422, body: { errors: [{ field: 'trunk', code: 'not_found' }] } });
});

test('what cannot be read is a 400, too large a 413, another type a 415', async () => {
  expect(await gateway.ask('POST', '/v1/campaigns', '{"name": ')).toMatchObject({ status: 400, body: { code: 'malformed' } });
  expect(await gateway.ask('POST', '/v1/campaigns', '{"__proto__": {"x": 1}, "name": "x", "queue": "q"}')).toMatchObject({ status: 400, body: { code: 'malformed' } });
  expect(await gateway.ask('POST', '/v1/campaigns', '[]')).toMatchObject({ status: 422 });
  expect(await gateway.ask('POST', '/v1/campaigns', JSON.stringify({ name: 'x'.repeat(1_100_000) }))).toMatchObject({ status: 413, body: { code: 'too_large' } });
  const other = await gateway.service.nest.inject({ method: 'POST', url: '/v1/campaigns', headers: { 'content-type': 'text/plain' }, payload: 'x' });
  expect(other.statusCode).toBe(415);
  expect(other.json()).toMatchObject({ code: 'unsupported_media_type' });
  expect(await gateway.ask('GET', '/v1/campaigns/7')).toMatchObject({ status: 400, body: { errors: [{ field: 'campaignId' }] } });
  expect(await gateway.ask('GET', '/v1/campaigns?limit=9999&page=2')).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
  expect(await gateway.ask('GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found', type: 'about:blank' } });
});

test('lists are paged, the newest first, and filtered by status', async () => {
  await gateway.db.query('DELETE FROM campaigns');
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.unshift((await create({ name: `c${i}` })).campaignId);
  await gateway.ask('POST', `/v1/campaigns/${ids[1]}/start`);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const { body } = await gateway.ask('GET', `/v1/campaigns?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
    seen.push(...body.items.map((item: { campaignId: string }) => item.campaignId));
    cursor = body.nextCursor;
  } while (cursor);
  expect(seen).toEqual(ids);
  const active = await gateway.ask('GET', '/v1/campaigns?status=active');
  expect(active.body.items.map((item: { campaignId: string }) => item.campaignId)).toEqual([ids[1]]);
});

test('the way of the calls is fixed while active, and nothing is once finished', async () => {
  const { campaignId } = await create();
  const url = `/v1/campaigns/${campaignId}`;
  expect(await gateway.ask('POST', `${url}/pause`)).toMatchObject({ status: 409 });
  expect(await gateway.ask('PATCH', url, { queue: null })).toMatchObject({ status: 422, body: { errors: [{ field: 'queue', code: 'required' }] } });
  await gateway.ask('POST', `${url}/start`);
  expect(await gateway.ask('PATCH', url, { queue: 'other', maxChannels: 20 })).toMatchObject({ status: 409, body: { errors: [{ field: 'queue', code: 'active' }] } });
  expect(await gateway.ask('PATCH', url, { maxChannels: 20, queue: 'sales' })).toMatchObject({ status: 200, body: { maxChannels: 20 } });
  expect(await gateway.ask('POST', `${url}/finish`)).toMatchObject({ status: 200, body: { status: 'finished' } });
  expect(await gateway.ask('PATCH', url, { maxChannels: 30 })).toMatchObject({ status: 409 });
  expect(await gateway.ask('POST', `${url}/start`)).toMatchObject({ status: 409, body: { detail: 'A campaign that is finished cannot start.' } });
});

test('a mode chosen behind our back that is not offered yet does not start', async () => {
  const { campaignId } = await create();
  await gateway.db.query("UPDATE campaigns SET mode = 'predictive' WHERE campaign_id = $1", [campaignId]);
  expect(await gateway.ask('POST', `/v1/campaigns/${campaignId}/start`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
});
