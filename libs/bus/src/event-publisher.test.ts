import { setTimeout as sleep } from 'node:timers/promises';
import { campaignEvent } from '@discador/contracts/events/campaign-events';
import type { DiscadorEvent, EventType } from '@discador/contracts/events/catalogue';
import { EventPublisher, type EventPublisherOptions } from './event-publisher.ts';
import type { OutgoingMessage } from './publisher.ts';

const CAMPAIGN = '0198f3a0-0000-7000-8000-0000000000c1';

/** A broker in memory that can be away, or lose what it was sent before it confirms. */
class MemoryBroker {
  up = true;
  loseNext = 0;
  readonly got: OutgoingMessage[] = [];

  publish(message: OutgoingMessage): Promise<void> {
    if (!this.up) return Promise.reject(new Error('away'));
    if (this.loseNext-- > 0) return Promise.reject(new Error('lost'));
    this.got.push(message);
    return Promise.resolve();
  }

  get ids(): string[] {
    return this.got.map(({ messageId = '' }) => messageId);
  }
}

const event = (id: string, type: 'campaign.started' | 'campaign.paused' = 'campaign.started'): DiscadorEvent =>
  campaignEvent(type, id, '2026-11-21T10:00:00.000Z', { campaignId: CAMPAIGN, name: 'x' });

function setUp(options: Partial<EventPublisherOptions> = {}) {
  const broker = new MemoryBroker();
  const told: string[] = [];
  const publisher = new EventPublisher({
    publisher: broker, maxBuffered: 3,
    onPublished: (type: EventType) => told.push(`published ${type}`), onDropped: (type: EventType) => told.push(`dropped ${type}`), ...options,
  });
  const publish = (...ids: string[]): void => ids.forEach((id) => publisher.publish(event(id)));
  return { broker, publisher, publish, told };
}

test('publishes at once, under the key of the event, and tells when it is confirmed', async () => {
  const { broker, publisher, publish, told } = setUp();
  publish('a');
  expect(broker.got).toEqual([{ exchange: 'discador.events', routingKey: `campaign.started.${CAMPAIGN}`, content: Buffer.from(JSON.stringify(event('a'))), messageId: 'a', type: 'campaign.started' }]);
  expect([publisher.buffered, told]).toEqual([1, []]);
  expect(await publisher.flush(1_000)).toBe(0);
  expect(told).toEqual(['published campaign.started']);
});

test('lets events wait for others when it may, and none when it is flushed', async () => {
  const { broker, publisher, publish } = setUp({ gatherMs: 10 });
  publish('a', 'b');
  expect(broker.ids).toEqual([]);
  while (broker.got.length === 0) await sleep(5);
  expect(broker.ids).toEqual(['a', 'b']);
  publish('c');
  expect([await publisher.flush(0), broker.ids]).toEqual([expect.any(Number), ['a', 'b', 'c']]);
});

test('holds what comes while the broker is away, and what was lost before its confirm, and publishes all in order', async () => {
  const { broker, publisher, publish } = setUp({ maxBuffered: 10 });
  broker.loseNext = 2;
  publish('a', 'b');
  await sleep(0);
  broker.up = false;
  publish('c', 'a');
  expect([broker.ids, publisher.buffered]).toEqual([[], 3]);
  broker.up = true;
  publish('d');
  expect(await publisher.flush(1_000)).toBe(0);
  expect(broker.ids).toEqual(['a', 'b', 'c', 'd']);
});

test('tries again by itself', async () => {
  const { broker, publisher, publish } = setUp();
  broker.up = false;
  publish('a');
  broker.up = true;
  expect(await publisher.flush(1_000)).toBe(0);
  expect(broker.ids).toEqual(['a']);
});

test('a full buffer drops the least first, of the same rank the oldest, and says so', async () => {
  const { broker, publisher, publish, told } = setUp({ rankOf: (type) => Number(type === 'campaign.paused') });
  broker.up = false;
  publisher.publish(event('p1', 'campaign.paused'));
  publish('a', 'b', 'c');
  publisher.publish(event('p2', 'campaign.paused'));
  publisher.publish(event('p3', 'campaign.paused'));
  publish('d');
  expect(told).toEqual(Array(4).fill('dropped campaign.started'));
  publisher.publish(event('p4', 'campaign.paused'));
  expect(told[4]).toBe('dropped campaign.paused');
  broker.up = true;
  await publisher.flush(1_000);
  expect(broker.ids).toEqual(['p2', 'p3', 'p4']);
});

test('a standby publishes nothing, and what it holds when it takes over', async () => {
  const { broker, publisher, publish } = setUp();
  publisher.standBy();
  publish('a', 'b');
  await sleep(0);
  expect([broker.ids, await publisher.flush(0)]).toEqual([[], 0]);
  publisher.activate();
  expect(broker.ids).toEqual(['a', 'b']);
});

test('a standby forgets what is old, but nothing from a time when the broker was away', () => {
  let now = 0;
  const { broker, publisher, publish } = setUp({ maxBuffered: 10, keepMs: 30, now: () => now });
  publisher.standBy();
  publish('a');
  broker.up = false;
  now = 20;
  publish('b');
  broker.up = true;
  now = 45;
  publish('c');
  expect(publisher.buffered).toBe(3);
  now = 51;
  publish('d');
  expect(publisher.buffered).toBe(2);
  now = 80;
  publisher.activate();
  expect(broker.ids).toEqual(['d']);
});

test('closed, it publishes nothing more', async () => {
  const { broker, publisher, publish } = setUp();
  publisher.close();
  publish('a');
  expect(broker.ids).toEqual([]);
});
