import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingMessage } from '@discador/bus/publisher';
import { TERM_HEADER } from '@discador/contracts/events/envelope';
import { FencedPublisher } from './fenced-publisher.ts';
import { Outbox } from './outbox.ts';
import { emptySpool, removeFolders } from './testing/outbox-set-up.ts';

/** Takes messages; `onMessage` is what happens meanwhile. */
function setUp() {
  const lease = { held: true };
  const sent: OutgoingMessage[] = [];
  const bus = { up: true, onMessage: () => undefined as void, publish: (message: OutgoingMessage) => (sent.push(message), bus.onMessage(), Promise.resolve()) };
  const publisher = new FencedPublisher(bus, lease);
  const failures: unknown[] = [];
  const outbox = new Outbox({ publisher, spool: emptySpool(), keepMs: 1_000, maxBuffered: 100, onPublished: () => undefined, onDropped: () => undefined, onLost: () => undefined, onFailure: (error) => failures.push(error) });
  return { lease, bus, sent, publisher, outbox, failures };
}

const message = (n: number, receivedAt = 0) => ({ exchange: 'e', routingKey: 'k', content: Buffer.alloc(0), messageId: `m${n}`, important: true, receivedAt });

afterAll(removeFolders);

describe('FencedPublisher', () => {
  it('marks each message with the term under which it is sent, also one held since an earlier term', async () => {
    const { sent, publisher, outbox } = setUp();
    outbox.add(message(1));
    publisher.open(7);
    outbox.activate();
    publisher.close();
    publisher.open(9);
    outbox.add(message(2));
    outbox.drain();
    await sleep(0);
    expect(sent.map(({ messageId, headers }) => [messageId, headers?.[TERM_HEADER]])).toEqual([['m1', 7], ['m2', 9]]);
  });

  it('sends nothing more from the moment the lease ends, in the midst of a batch too, though nobody has told that it ended', async () => {
    const { lease, bus, sent, publisher, outbox, failures } = setUp();
    for (const n of [1, 2, 3, 4]) outbox.add(message(n));
    publisher.open(7);
    bus.onMessage = () => void (lease.held = sent.length < 2);
    outbox.activate();
    outbox.add(message(5));
    await sleep(0);
    expect(sent.map(({ messageId }) => messageId)).toEqual(['m1', 'm2']);
    expect([outbox.size, failures]).toEqual([3, []]);
    await outbox.close();
  });

  it('refuses what is sent without a lease or a term', async () => {
    const { lease, sent, publisher } = setUp();
    await expect(publisher.publish(message(1))).rejects.toMatchObject({ code: 'lease_lost' });
    publisher.open(7);
    lease.held = false;
    await expect(publisher.publish(message(1))).rejects.toMatchObject({ code: 'lease_lost' });
    expect(sent).toEqual([]);
  });

  it('lets a standby forget old events: to it the way is as up as the broker', () => {
    const { lease, outbox } = setUp();
    lease.held = false;
    outbox.add(message(1, 1_000));
    outbox.expire(3_000);
    expect(outbox.size).toBe(0);
  });
});
