import { replicaLiveKey } from '@discador/contracts/live';
import { Redis } from 'ioredis';
import { NOBODY, openGateway, type TestGateway } from '../testing/open-gateway.ts';

describe('with every server there', () => {
  let gateway: TestGateway;
  let redis: Redis;
  const mute = replicaLiveKey('campaign-worker', `mute${process.pid}`);

  beforeAll(async () => {
    gateway = await openGateway();
    redis = new Redis(gateway.service.context.config.redisUrl);
  });
  afterAll(async () => {
    await redis.del(mute);
    redis.disconnect();
    await gateway.close();
  });

  const ownStatus = async () => {
    const { body } = await gateway.ask('GET', '/v1/system/status');
    return body.replicas.find((replica: { app: string; replica: string }) => replica.app === 'gateway' && replica.replica === `t${process.pid}`);
  };

  test('a replica answers for itself; one that does not is reported from its heartbeat', async () => {
    const startedAt = new Date(Date.now() - 60_000).toISOString();
    const word = { app: 'campaign-worker', replica: `mute${process.pid}`, pid: 4711, startedAt, at: Date.now(), rpcQueue: 'discador.rpc.nobody' };
    await redis.set(mute, JSON.stringify(word), 'EX', 30);
    while ((await ownStatus())?.answered !== true);
    const { body, status } = await gateway.ask('GET', '/v1/system/status');
    expect(status).toBe(200);
    expect(body.servers).toEqual(['postgres', 'redis', 'rabbitmq'].map((name) => ({ name, up: true, reason: null })));
    expect(body.ready).toBe(false);
    expect(await ownStatus()).toMatchObject({ pid: process.pid, ready: true, answered: true, waitingFor: [] });
    const workers = await gateway.ask('GET', '/v1/system/workers');
    const found = workers.body.items.find((item: { pid: number }) => item.pid === 4711);
    expect(found).toMatchObject({ app: 'campaign-worker', ready: false, answered: false, waitingFor: ['no answer within 0.3 s'], startedAt });
    expect(found.uptimeSec).toBeGreaterThanOrEqual(60);
  });

  test('trunks are listed, changed and made', async () => {
    expect((await gateway.ask('GET', '/v1/trunks')).body.items).toMatchObject([{ name: 'default', maxChannels: 300, callsPerSecond: 20 }]);
    expect(await gateway.ask('PUT', '/v1/trunks/default', { maxChannels: 30, callsPerSecond: 5 })).toMatchObject({ status: 200, body: { maxChannels: 30 } });
    expect(await gateway.ask('PUT', '/v1/trunks/second', { maxChannels: 1, callsPerSecond: 1 })).toMatchObject({ status: 200, body: { name: 'second' } });
    expect(await gateway.ask('PUT', '/v1/trunks/default', { maxChannels: 30 })).toMatchObject({ status: 422, body: { errors: [{ field: 'callsPerSecond', code: 'required' }] } });
    expect(await gateway.ask('PUT', '/v1/trunks/Bad_Name', { maxChannels: 1, callsPerSecond: 1 })).toMatchObject({ status: 400, body: { errors: [{ field: 'name' }] } });
    expect((await gateway.ask('GET', '/v1/trunks')).body.items).toHaveLength(2);
  });

  test('extensions with the totals of the dashboard', async () => {
    await gateway.db.query(
      `INSERT INTO extensions (pbx, number, registered, line1_busy, line2_busy)
       VALUES ('pbx1', '1001', true, false, false), ('pbx1', '1002', true, true, false), ('pbx1', '1003', true, true, true), ('pbx2', '1001', false, false, false)`,
    );
    const { body } = await gateway.ask('GET', '/v1/extensions');
    expect(body.totals).toEqual({ total: 4, registered: 3, available: 2, busy: 2 });
    expect((await gateway.ask('GET', '/v1/extensions?pbx=pbx2')).body.items).toMatchObject([{ number: '1001', available: false }]);
  });
});

describe('with Redis and RabbitMQ away', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await openGateway({ redisUrl: `redis://${NOBODY}`, amqpUrl: `amqp://${NOBODY}` });
  });
  afterAll(() => gateway.close());

  test('status says what is away, campaigns go on without Redis and RabbitMQ', async () => {
    const { body, status } = await gateway.ask('GET', '/v1/system/status');
    expect(status).toBe(200);
    expect(body).toMatchObject({ ready: false, leader: null, note: 'Redis is away: it is not known which replicas live', replicas: [] });
    expect(body.servers.map((server: { up: boolean }) => server.up)).toEqual([true, false, false]);
    expect(await gateway.ask('GET', '/v1/system/queues')).toMatchObject({ status: 503, body: { code: 'redis_down' } });
    const ready = await gateway.ask('GET', '/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.body.waitingFor).toHaveLength(2);
    const { body: campaign } = await gateway.ask('POST', '/v1/campaigns', { name: 'x', queue: 'q' });
    expect(await gateway.ask('GET', `/v1/campaigns/${campaign.campaignId}/metrics`)).toMatchObject({ status: 200, body: { answeredNow: null, averageCallTimeSec: null } });
  });
});

test('with PostgreSQL away it listens, says so, and answers 503', async () => {
  const gateway = await openGateway({ databaseUrl: `postgres://user:hunter2@${NOBODY}/db`, redisUrl: `redis://${NOBODY}`, amqpUrl: `amqp://${NOBODY}` });
  for (const url of ['/v1/campaigns', '/v1/system/activity', '/v1/trunks']) {
    const answer = await gateway.ask('GET', url);
    expect(answer).toMatchObject({ status: 503, body: { code: 'database_down', status: 503 }, headers: { 'retry-after': '2' } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  }
  expect(await gateway.ask('GET', '/health/live')).toMatchObject({ status: 200 });
  await gateway.close();
});
