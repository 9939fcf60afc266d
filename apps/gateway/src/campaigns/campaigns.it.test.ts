import { openGateway, type TestGateway } from '../testing/open-gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const create = async (body: object = {}) => (await gateway.ask('POST', '/v1/campaigns', { name: 'Spring', queue: 'sales', ...body })).body;

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
