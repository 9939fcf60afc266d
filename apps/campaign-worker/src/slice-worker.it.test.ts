import { FakeAmiPeer, amiText } from '@discador/asterisk/testing/fake-ami-peer';
import { parseEvent, routingKeyOf } from '@discador/contracts/events/catalogue';
import type { Slice } from '@discador/contracts/slice';
import { shortLocks } from '@discador/redis/short-lock';
import { until } from '@discador/runtime/testing/until';
import type { ConsumeMessage } from 'amqplib';
import { WorkerBench } from './testing/worker-bench.ts';

let bench: WorkerBench;

afterEach(() => bench.close());

/** What the ledger says of a slice. */
const stateOf = async (sliceId: string) =>
  (await bench.rows<{ used: number; lease: number; closed: boolean }>('SELECT used, lease, closed_at IS NOT NULL AS closed FROM slices WHERE slice_id = $1', [sliceId]))[0];

describe('with a real Asterisk', () => {
  beforeEach(async () => {
    bench = await WorkerBench.open();
  });

  test('works a slice within its quota: each attempt in the ledger is a call at the PBX, and no other', async () => {
    const campaignId = await bench.campaign(8);
    const { slice, message } = await bench.slice(campaignId, 5);
    expect(await bench.worker().handle(message)).toBe('ack');
    const attempts = await bench.attempts(campaignId);
    expect([attempts.length, await bench.permitsOf(campaignId), await stateOf(slice.sliceId)]).toEqual([5, 5, { used: 5, lease: 1, closed: false }]);
    await until(() => bench.dialled.length >= 5);
    expect(bench.dialled.toSorted()).toEqual(attempts);
    expect(await bench.rows(`SELECT status, count(*)::int FROM contacts GROUP BY 1 ORDER BY 1`)).toEqual([{ status: 'dialing', count: 5 }, { status: 'ready', count: 3 }]);
  });

  test('tells for each taking of a slice how many calls it placed; nothing for one that it did not get', async () => {
    const campaignId = await bench.campaign(3);
    const { slice, message } = await bench.slice(campaignId, 3);
    for (let time = 0; time < 2; time++) await bench.worker().handle(message);
    const unused = await bench.slice(campaignId, 7);
    for (let time = 0; time < 2; time++) await bench.worker().handle(unused.message); // closed by the first
    expect(bench.told.map((event) => [routingKeyOf(parseEvent(event)), event.data])).toEqual([[slice, 3], [slice, 0], [unused.slice, 0]].map(([of, used]) => {
      const { sliceId, term, quota } = of as Slice;
      return [`slice.done.${campaignId}`, { sliceId, campaignId, term, quota, used, worker: 'w1' }];
    }));
    expect(new Set(bench.told.map(({ id }) => id)).size).toBe(3);
  });

  test('a redelivered slice spends nothing twice, used up or not', async () => {
    const campaignId = await bench.campaign(9);
    const full = await bench.slice(campaignId, 4);
    for (let time = 0; time < 3; time++) expect(await bench.worker().handle(full.message)).toBe('ack');
    expect(await bench.attempts(campaignId)).toHaveLength(4);
    const large = await bench.slice(campaignId, 20);
    expect(await bench.worker().handle(large.message)).toBe('ack');
    expect([await stateOf(large.slice.sliceId), await bench.permitsOf(campaignId)]).toEqual([{ used: 5, lease: 1, closed: true }, 9]);
    expect(await bench.worker().handle(large.message)).toBe('ack');
    expect(await bench.attempts(campaignId)).toHaveLength(9);
  });

  test('three workers at once with one slice and a lock that does not hold: the ledger holds', async () => {
    const campaignId = await bench.campaign(40);
    const { slice, message } = await bench.slice(campaignId, 25);
    const takeLock = async () => async () => undefined;
    await Promise.all(['w1', 'w2', 'w3'].map((workerId) => bench.worker({ takeLock, workerId }).handle(message)));
    const attempts = await bench.attempts(campaignId);
    expect(attempts.length).toBeLessThanOrEqual(25);
    expect((await stateOf(slice.sliceId))?.used).toBe(attempts.length);
    await until(() => bench.dialled.length >= attempts.length);
    expect(bench.dialled.toSorted()).toEqual(attempts);
  });

  test('a slice that another holds, has expired, is of an older term, or cannot be read: nothing is claimed', async () => {
    const campaignId = await bench.campaign(5);
    const worker = bench.worker();
    const held = await bench.slice(campaignId, 2);
    await bench.redis.set(`discador:lock:slice:${held.slice.sliceId}`, 'another worker');
    expect([await worker.handle(held.message), (await stateOf(held.slice.sliceId))?.lease]).toEqual(['ack', 0]);
    const expired = await bench.slice(campaignId, 2);
    await bench.own.pool.query('UPDATE slices SET expires_at = now() WHERE slice_id = $1', [expired.slice.sliceId]);
    expect(await worker.handle(expired.message)).toBe('ack');
    const old = await bench.slice(campaignId, 2);
    await bench.own.pool.query('UPDATE leadership SET term = term + 1');
    expect(await worker.handle(old.message)).toBe('ack');
    expect(await worker.handle({ content: Buffer.from('{"sliceId":1}') } as ConsumeMessage)).toBe('drop');
    expect([await bench.attempts(campaignId), await bench.permitsOf(campaignId), bench.dialled]).toEqual([[], 0, []]);
  });

  test('Redis away: the message is not settled', async () => {
    const { message } = await bench.slice(await bench.campaign(1), 1);
    const worker = bench.worker({ takeLock: shortLocks([bench.redis]) });
    bench.redis.disconnect();
    await until(() => bench.redis.status === 'end');
    await expect(worker.handle(message)).rejects.toThrow();
  });

  test('permits bound a slice, and what it does not use goes back', async () => {
    const campaignId = await bench.campaign(8);
    await bench.own.pool.query('UPDATE campaigns SET max_channels = 3 WHERE campaign_id = $1', [campaignId]);
    const bound = await bench.slice(campaignId, 6, 0.6);
    expect(await bench.worker().handle(bound.message)).toBe('ack');
    expect([(await stateOf(bound.slice.sliceId))?.used, await bench.permitsOf(campaignId)]).toEqual([3, 3]);
    const few = await bench.campaign(2);
    expect(await bench.worker().handle((await bench.slice(few, 10)).message)).toBe('ack');
    expect([await bench.permitsOf(few), await bench.redis.zcard('discador:permit:channels:trunk:default'), await bench.redis.zcard('discador:permit:rate:trunk:default')]).toEqual([2, 5, 5]);
  });

  test.each([
    ['channels', 'max_channels = 2'],
    ['calls per second', 'calls_per_second = 2'],
  ])('its trunk bounds a slice by its %s', async (_what, limit) => {
    const campaignId = await bench.campaign(6);
    await bench.own.pool.query(`UPDATE trunks SET ${limit}`);
    await bench.worker().handle((await bench.slice(campaignId, 6, 0.6)).message);
    expect(await bench.attempts(campaignId)).toHaveLength(2);
  });

  test('after a flush of Redis nothing is claimed, though the slice is good', async () => {
    const campaignId = await bench.campaign(3);
    const { message } = await bench.slice(campaignId, 3, 0.4);
    await bench.redis.flushdb();
    expect(await bench.worker().handle(message)).toBe('ack');
    expect(await bench.attempts(campaignId)).toEqual([]);
  });

  test('a claim that the database refuses is not dialled, and the message is not settled', async () => {
    const campaignId = await bench.campaign(3);
    const { slice, message } = await bench.slice(campaignId, 3);
    await bench.own.pool.query('ALTER TABLE open_attempts RENAME TO elsewhere');
    await expect(bench.worker().handle(message)).rejects.toMatchObject({ code: '42P01' });
    await bench.own.pool.query('ALTER TABLE elsewhere RENAME TO open_attempts');
    expect([bench.dialled, await bench.attempts(campaignId), (await stateOf(slice.sliceId))?.used]).toEqual([[], [], 0]);
    expect(await bench.permitsOf(campaignId)).toBe(3); // nobody knows yet that nothing was committed
    expect(await bench.redis.exists(`discador:lock:slice:${slice.sliceId}`)).toBe(0);
  });

  test('told to stop, it gives new slices back and ends the one in hand after its round', async () => {
    const campaignId = await bench.campaign(6);
    await bench.own.pool.query('UPDATE campaigns SET max_channels = 2 WHERE campaign_id = $1', [campaignId]);
    const worker = bench.worker();
    const { slice, message } = await bench.slice(campaignId, 6);
    const handled = worker.handle(message);
    await until(async () => (await bench.attempts(campaignId)).length === 2);
    worker.stop();
    await bench.redis.del(`discador:permit:channels:campaign:${campaignId}`); // as if its calls had ended: there is room for more
    expect(await handled).toBe('ack');
    expect(await stateOf(slice.sliceId)).toEqual({ used: 2, lease: 1, closed: true });
    expect(await worker.handle((await bench.slice(campaignId, 1)).message)).toBe('requeue');
  });
});

describe('with a PBX that misbehaves', () => {
  let peer: FakeAmiPeer;
  /** what becomes of an Originate: a reply, or null for none */
  let reply: (id: string) => string | null;

  beforeEach(async () => {
    const answer = (action: Map<string, string>) => (action.get('Action') === 'Originate' ? reply(action.get('ActionID') ?? '') : null);
    peer = await new FakeAmiPeer({ answer }).listen();
    bench = await WorkerBench.open({ amiUrl: [peer.url] });
  });
  afterEach(() => peer.close());

  test('nothing is sent to the PBX before the claim is committed: one whose commit fails is not dialled', async () => {
    reply = (id) => amiText({ Response: 'Success', ActionID: id });
    await bench.own.pool.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the commit fails'; END $$`);
    await bench.own.pool.query('CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON open_attempts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()');
    const campaignId = await bench.campaign(2);
    await expect(bench.worker().handle((await bench.slice(campaignId, 2)).message)).rejects.toThrow('the commit fails');
    await bench.dialer.drain();
    await bench.links[0]?.ami.action({ Action: 'Ping' }); // what was sent before it has arrived
    expect([await bench.attempts(campaignId), originates()]).toEqual([[], []]);
  });

  test('the gate refuses from 3 to 5 s after the claim, by the clock of the PBX', async () => {
    reply = (id) => amiText({ Response: 'Success', ActionID: id });
    const campaignId = await bench.campaign(1); // the peer's clock is a minute ahead
    await bench.worker().handle((await bench.slice(campaignId, 1)).message);
    const [sent] = originates();
    const [row] = await bench.rows<{ left: number; dial_by: number }>('SELECT extract(epoch FROM dial_by - claimed_at)::float AS left, extract(epoch FROM dial_by)::int AS dial_by FROM call_attempts');
    expect(row?.left).toBeGreaterThan(62.9);
    expect(row?.left).toBeLessThanOrEqual(65);
    expect(sent).toContain(`DIAL_BY=${row?.dial_by}\r\n`);
  });

  test('a PBX that takes originates and shows no channels gets no more than its share', async () => {
    reply = (id) => amiText({ Response: 'Success', ActionID: id });
    const campaignId = await bench.campaign(8);
    await bench.worker({ maxUnseen: 3 }).handle((await bench.slice(campaignId, 8, 0.4)).message);
    expect(originates()).toHaveLength(3);
  });

  const originates = (): string[] => peer.received.filter((text) => text.startsWith('Action: Originate'));
  const contact = async () => (await bench.rows('SELECT status, attempts, result, due_at < now() + interval \'10 s\' AS soon FROM contacts'))[0];
  const openCount = async () => (await bench.rows('SELECT 1 FROM open_attempts')).length;

  test('an originate that is refused was no call: not_placed, the contact due again soon and uncounted, its permit free', async () => {
    reply = (id) => amiText({ Response: 'Error', ActionID: id, Message: 'Permission denied' });
    const campaignId = await bench.campaign(1);
    await bench.worker().handle((await bench.slice(campaignId, 1)).message);
    await bench.dialer.drain();
    expect(await contact()).toEqual({ status: 'retry', attempts: 0, result: 'not_placed', soon: true });
    expect([await openCount(), await bench.permitsOf(campaignId)]).toEqual([0, 0]);
  });

  test('an originate whose answer was lost may be a call: the attempt stays open', async () => {
    reply = () => (peer.dropAll(), null);
    const campaignId = await bench.campaign(1);
    await bench.worker().handle((await bench.slice(campaignId, 1)).message);
    await bench.dialer.drain();
    expect(await contact()).toMatchObject({ status: 'dialing', attempts: 1 });
    expect([await openCount(), await bench.permitsOf(campaignId)]).toEqual([1, 1]);
  });

  test('a stored number that must not reach the PBX is not sent, and final', async () => {
    reply = (id) => amiText({ Response: 'Success', ActionID: id });
    const campaignId = await bench.campaign(1, '', { phones: () => ['+55\r\nAction: Command'] });
    await bench.worker().handle((await bench.slice(campaignId, 1)).message);
    await bench.dialer.drain();
    expect(await contact()).toMatchObject({ status: 'failed', attempts: 1, result: 'invalid_number' });
    expect(peer.received.filter((text) => text.includes('Originate') || text.includes('Command'))).toEqual([]);
  });
});
