import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@discador/runtime/testing/until';
import { addAll, closeAll, ids, message, removeFolders, setUp } from './testing/outbox-set-up.ts';

afterEach(closeAll);
afterAll(removeFolders);

describe('Outbox', () => {
  it('publishes soon when active and forgets what is confirmed, without a byte on disk', async () => {
    const { broker, outbox, spool } = setUp();
    outbox.activate();
    addAll(outbox, 1, 3);
    await until(() => outbox.size === 0);
    expect(broker.got).toEqual(ids(1, 3));
    expect(spool.end).toBe(1);
  });

  it('publishes at the end what was only just added, trying again what was refused', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    broker.refuseNext = 1;
    addAll(outbox, 1, 3);
    expect(await outbox.flush(3000)).toBe(0);
    expect(broker.got.toSorted()).toEqual(ids(1, 3));
  });

  it('keeps on disk at the end what it could not publish; what a standby holds is not its to publish', async () => {
    const { broker, outbox, spool } = setUp();
    broker.confirms = false;
    addAll(outbox, 1, 3);
    expect(await outbox.flush(20)).toBe(0);
    expect(spool.messages).toBe(0);
    outbox.activate();
    expect(await outbox.flush(20)).toBe(0);
    expect([spool.messages, spool.unwritten]).toEqual([3, 0]);
  });

  it('says at the end how many are neither at the broker nor on disk', async () => {
    const { broker, outbox, folder } = setUp();
    rmSync(folder, { recursive: true });
    broker.up = false;
    addAll(outbox, 1, 3);
    outbox.activate();
    expect(await outbox.flush(20)).toBe(3);
  });

  it('repeats what the broker refused, before anything newer', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    broker.refuseNext = 1;
    outbox.add(message(1));
    await until(() => broker.refuseNext < 1);
    addAll(outbox, 2, 4);
    await until(() => outbox.size === 0);
    expect(broker.got).toEqual(ids(1, 4));
  });

  it('spares a broker that goes on refusing, and tries it with one message', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    broker.refuseNext = Number.POSITIVE_INFINITY;
    addAll(outbox, 1, 5);
    await until(() => outbox.broken);
    let tried = 0;
    broker.publish = () => {
      tried += 1;
      return Promise.reject(new Error('refused'));
    };
    await until(() => tried > 0);
    await until(() => outbox.broken);
    expect(tried).toBe(1);
  });

  it('as standby holds the last seconds and publishes them at a takeover', async () => {
    const { broker, outbox } = setUp();
    outbox.add(message(1, 1_000));
    outbox.add(message(2, 10_000));
    outbox.expire(17_000);
    expect(broker.got).toEqual([]);
    outbox.activate();
    await until(() => outbox.size === 0);
    expect(broker.got).toEqual(['m2']);
  });

  it('as standby forgets nothing from a time when the broker was away', () => {
    const { broker, outbox } = setUp();
    outbox.add(message(1, 1_000));
    broker.up = false;
    outbox.expire(2_000);
    broker.up = true;
    outbox.expire(16_900);
    expect(outbox.size).toBe(1);
    outbox.expire(17_000);
    expect(outbox.size).toBe(0);
  });

  it('forgets nothing that is not confirmed while it publishes, however old', async () => {
    const { broker, outbox } = setUp();
    broker.refuseNext = 1_000;
    outbox.activate();
    outbox.add(message(1));
    await until(() => broker.refuseNext < 1_000);
    outbox.expire(60_000);
    expect(outbox.size).toBe(1);
  });

  it('stops publishing when it loses the lease', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    outbox.deactivate();
    outbox.add(message(1));
    outbox.drain();
    await sleep(20);
    expect(broker.got).toEqual([]);
    expect(outbox.size).toBe(1);
  });

  it('holds a message once', () => {
    const { outbox } = setUp();
    outbox.add(message(1));
    outbox.add(message(1));
    expect(outbox.size).toBe(1);
  });

  it('says until when all that it was given is at the broker', async () => {
    const { broker, outbox } = setUp();
    expect(outbox.settledUntil).toBe(Number.POSITIVE_INFINITY);
    broker.up = false;
    outbox.add(message(1, 500));
    outbox.add(message(2, 600));
    outbox.activate();
    expect(outbox.settledUntil).toBe(499);
    broker.up = true;
    outbox.drain();
    await until(() => outbox.settledUntil === Number.POSITIVE_INFINITY);
    expect(broker.got).toEqual(ids(1, 2));
  });
});
