import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingMessage } from '@discador/bus/publisher';
import { Outbox, type OutboxMessage } from './outbox.ts';

/** A broker in memory that can be away, refuse, or go before it confirms. */
class MemoryBroker {
  up = true;
  refuseNext = 0;
  readonly got: string[] = [];

  publish({ messageId = '' }: OutgoingMessage): Promise<void> {
    if (!this.up) return Promise.reject(new Error('away'));
    if (this.refuseNext-- > 0) return Promise.reject(new Error('refused'));
    this.got.push(messageId);
    return Promise.resolve();
  }
}

const KEEP_MS = 15_000;

function message(n: number, receivedAt = 0, important = true): OutboxMessage {
  return { exchange: 'e', routingKey: 'k', content: Buffer.alloc(0), messageId: `m${n}`, important, receivedAt };
}

function setUp(maxBuffered = 100) {
  const broker = new MemoryBroker();
  const dropped: string[] = [];
  const outbox = new Outbox({
    publisher: broker,
    keepMs: KEEP_MS,
    maxBuffered,
    onPublished: () => undefined,
    onDropped: ({ messageId }) => dropped.push(messageId),
    onFailure: () => undefined,
  });
  return { broker, dropped, outbox };
}

const ids = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `m${from + i}`);

describe('Outbox', () => {
  it('publishes soon when active and forgets what is confirmed', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    for (const n of [1, 2, 3]) outbox.add(message(n));
    while (outbox.size > 0) await sleep(1);
    expect(broker.got).toEqual(ids(1, 3));
  });

  it('publishes at the end what was only just added, trying again what was refused', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    broker.refuseNext = 1;
    for (const n of [1, 2, 3]) outbox.add(message(n));
    expect(await outbox.flush(3000)).toBe(0);
    expect(broker.got.toSorted()).toEqual(ids(1, 3));
  });

  it('says at the end how many it could not publish; what a standby holds is not its to publish', async () => {
    const { broker, outbox } = setUp();
    broker.up = false;
    for (const n of [1, 2, 3]) outbox.add(message(n));
    expect(await outbox.flush(20)).toBe(0);
    outbox.activate();
    expect(await outbox.flush(20)).toBe(3);
    outbox.close();
  });

  it('holds its messages while the broker is away, and then publishes all in order, the new ones last', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    broker.up = false;
    for (const n of [1, 2, 3]) outbox.add(message(n));
    broker.up = true;
    outbox.add(message(4));
    outbox.drain();
    await sleep(0);
    expect(broker.got).toEqual(ids(1, 4));
    expect(outbox.size).toBe(0);
  });

  it('repeats what the broker refused', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    broker.refuseNext = 1;
    outbox.add(message(1));
    while (outbox.size > 0) await sleep(10);
    expect(broker.got).toEqual(['m1']);
  });

  it('as standby holds the last seconds and publishes them at a takeover', async () => {
    const { broker, outbox } = setUp();
    outbox.add(message(1, 1_000));
    outbox.add(message(2, 10_000));
    outbox.expire(17_000);
    expect(broker.got).toEqual([]);
    outbox.activate();
    await sleep(0);
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
    await sleep(1);
    outbox.expire(60_000);
    expect(outbox.size).toBe(1);
    outbox.close();
  });

  it('stops publishing when it loses the lease', async () => {
    const { broker, outbox } = setUp();
    outbox.activate();
    outbox.deactivate();
    outbox.add(message(1));
    await sleep(0);
    expect(broker.got).toEqual([]);
    expect(outbox.size).toBe(1);
  });

  it('never grows beyond its bound, and gives up the unimportant first', () => {
    const { dropped, outbox } = setUp(10);
    for (let n = 1; n <= 9; n += 1) outbox.add(message(n, 0, false));
    for (let n = 10; n <= 12; n += 1) outbox.add(message(n));
    expect(dropped).toEqual(['m9', 'm12']);
    expect(outbox.size).toBe(10);
  });

  it('holds a message once', () => {
    const { outbox } = setUp();
    outbox.add(message(1));
    outbox.add(message(1));
    expect(outbox.size).toBe(1);
  });
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
  await sleep(0);
  expect(outbox.settledUntil).toBe(Number.POSITIVE_INFINITY);
  outbox.close();
});
