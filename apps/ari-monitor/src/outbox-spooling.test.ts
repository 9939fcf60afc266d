import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@discador/runtime/testing/until';
import fc from 'fast-check';
import { addAll, close, closeAll, ids, MemoryBroker, message, removeFolders, setUp } from './testing/outbox-set-up.ts';

afterEach(closeAll);
afterAll(removeFolders);

describe('Outbox over its spool', () => {
  it('while the broker is away keeps all on disk; then publishes it in order, the new ones last, and memory does again', async () => {
    const { broker, outbox, spool } = setUp({ segmentBytes: 2_000 });
    outbox.activate();
    broker.up = false;
    addAll(outbox, 1, 300);
    await until(() => spool.unwritten === 0);
    expect([spool.messages, outbox.size]).toEqual([300, 300]);
    broker.up = true;
    outbox.drain();
    addAll(outbox, 301, 310);
    await until(() => outbox.size === 0);
    expect(broker.got).toEqual(ids(1, 310));
    const { end } = spool;
    outbox.add(message(311));
    await until(() => outbox.size === 0);
    expect([broker.got.length, spool.end]).toEqual([311, end]);
  });

  it('puts what was on its way when the broker went on disk too, before what comes', async () => {
    const { broker, outbox, folder } = setUp();
    outbox.activate();
    broker.confirms = false;
    addAll(outbox, 1, 5);
    await until(() => broker.got.length === 5);
    broker.goAway();
    addAll(outbox, 6, 7);
    await close(outbox);
    const next = setUp({ folder });
    next.outbox.activate();
    await until(() => next.outbox.size === 0);
    expect(next.broker.got).toEqual(ids(1, 7));
  });

  it('puts on disk what a broker that is there does not confirm, and sends it once', async () => {
    const { broker, outbox, spool } = setUp();
    outbox.activate();
    broker.confirms = false;
    addAll(outbox, 1, 3);
    await until(() => spool.messages === 3);
    outbox.add(message(4));
    await until(() => broker.got.length === 4);
    broker.confirmAll();
    await until(() => outbox.size === 0 && spool.messages === 0);
    expect(broker.got).toEqual(ids(1, 4));
  });

  it('puts on disk what is more than memory shall hold', async () => {
    const { broker, outbox, spool } = setUp({ maxBuffered: 10 });
    addAll(outbox, 1, 50);
    expect([spool.messages, outbox.size]).toEqual([50, 50]);
    outbox.activate();
    await until(() => outbox.size === 0);
    expect(broker.got).toEqual(ids(1, 50));
  });

  it('begins with what a former life left, before anything newer; a standby lets it go when it has surely been published', async () => {
    const first = setUp();
    first.broker.up = false;
    addAll(first.outbox, 1, 20, 1_000);
    await close(first.outbox);
    const standby = setUp({ folder: first.folder });
    standby.outbox.add(message(21, 20_000));
    standby.outbox.expire(20_000);
    await sleep(20);
    standby.outbox.expire(34_999);
    await sleep(20);
    expect(standby.outbox.size).toBe(21);
    await close(standby.outbox);
    const third = setUp({ folder: first.folder });
    third.outbox.add(message(22, 31_000));
    third.outbox.expire(20_000);
    third.outbox.expire(35_000);
    await until(() => third.outbox.size === 1);
    third.outbox.activate();
    await until(() => third.outbox.size === 0);
    expect(third.broker.got).toEqual(['m22']);
    await close(third.outbox);
    const last = setUp({ folder: first.folder });
    expect(last.outbox.size).toBe(0);
  });

  it('never grows beyond its bound, and gives up the unimportant first; tells it once per outage', async () => {
    const { broker, dropped, outages, outbox, spool } = setUp({ maxBytes: 1_700 });
    broker.up = false;
    for (let n = 1; n <= 12; n += 1) outbox.add(message(n, 0, false));
    for (let n = 13; n <= 18; n += 1) outbox.add(message(n));
    const taken = outbox.size;
    expect(dropped).toContain('m12');
    expect(dropped).not.toContain('m13');
    expect(dropped).toContain('m18');
    expect(taken + dropped.length).toBe(18);
    expect(spool.bytes).toBeLessThanOrEqual(1_700);
    expect(outages()).toBe(1);
    broker.up = true;
    outbox.activate();
    await until(() => outbox.size === 0 && spool.messages === 0);
    expect(broker.got).toEqual(ids(1, 18).filter((id) => !dropped.includes(id)));
    broker.up = false;
    for (let n = 20; n <= 40; n += 1) outbox.add(message(n));
    expect(outages()).toBe(2);
  });

  it('without a disk that takes anything holds what fits in memory, and publishes that', async () => {
    const { broker, dropped, folder, outbox } = setUp({ maxPendingBytes: 1_000 });
    rmSync(folder, { recursive: true });
    outbox.activate();
    broker.up = false;
    addAll(outbox, 1, 20);
    expect(dropped.length).toBeGreaterThan(0);
    broker.up = true;
    outbox.drain();
    await until(() => outbox.size === 0);
    expect(broker.got).toEqual(ids(1, 20).filter((id) => !dropped.includes(id)));
  });

  it('passes over a record that it cannot read', async () => {
    const { broker, lost, outbox, spool } = setUp();
    broker.up = false;
    outbox.add(message(1));
    spool.append([Buffer.from('of another version')], 0, true);
    outbox.add(message(2));
    broker.up = true;
    outbox.activate();
    await until(() => outbox.size === 0);
    expect([broker.got, lost]).toEqual([ids(1, 2), [1]]);
  });
});

type Step = 'add' | 'go' | 'come' | 'freeze' | 'thaw' | 'refuse' | 'kill' | 'wait';

it('whatever the broker does, and however often the process ends: all in order, each at least once', async () => {
  const steps = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant('add' as const) }, fc.constantFrom<Step>('go', 'come', 'freeze', 'thaw', 'refuse', 'kill', 'wait')), { maxLength: 30 });
  await fc.assert(fc.asyncProperty(steps, play), { numRuns: 40 });
}, 120_000);

async function play(steps: Step[]): Promise<void> {
  const broker = new MemoryBroker();
  const { folder, ...first } = setUp({ broker, maxBuffered: 20, segmentBytes: 1_000 });
  let { outbox } = first;
  outbox.activate();
  let n = 0;
  for (const step of steps) {
    if (step === 'add') for (let i = 0; i < 7; i += 1) outbox.add(message((n += 1)));
    else if (step === 'go') broker.goAway();
    else if (step === 'come') broker.up = true;
    else if (step === 'freeze') broker.confirms = false;
    else if (step === 'thaw') broker.confirmAll();
    else if (step === 'refuse' && broker.confirms) broker.refuseNext = 1;
    else if (step === 'wait') await sleep(2);
    else if (step === 'kill') {
      broker.goAway(); // what was on its way is unknown to the next life
      outbox.drain();
      await close(outbox);
      [broker.up, broker.confirms] = [true, true];
      ({ outbox } = setUp({ broker, folder, maxBuffered: 20, segmentBytes: 1_000 }));
      outbox.activate();
    }
    outbox.drain();
  }
  broker.confirmAll();
  broker.up = true;
  outbox.drain();
  await until(() => outbox.size === 0);
  expect(broker.seen.toSorted()).toEqual(ids(1, n).toSorted());
  if (!steps.includes('refuse')) expect(broker.seen).toEqual(ids(1, n));
  await close(outbox);
  rmSync(folder, { recursive: true });
}
