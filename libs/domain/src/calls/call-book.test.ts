import fc from 'fast-check';
import { CallBook, REMEMBER_ENDED_MS } from './call-book.ts';
import type { CallEffect, EndedEffect } from './call-state.ts';
import type { ChannelEvent } from './channel-event.ts';
import { attemptId, busyCall, CAMPAIGN, half, queueCall, START } from './testing/invented-calls.ts';

const NOW = START + 500;

function run(book: CallBook, events: readonly ChannelEvent[], now = NOW): CallEffect[] {
  return events.flatMap((event) => book.apply(event, now));
}

const names = (effects: readonly CallEffect[]): string[] => effects.map(({ type }) => type);

function endOf(effects: readonly CallEffect[]): EndedEffect {
  const ended = effects.find((effect) => effect.type === 'ended');
  if (!ended) throw new Error('no end');
  return ended;
}

describe('CallBook', () => {
  it('follows a call to an agent, each transition once', () => {
    const book = new CallBook();
    const effects = run(book, queueCall(1));
    expect(names(effects)).toEqual(['dialing', 'ringing', 'answered', 'bridged', 'dtmf', 'ended']);
    expect(effects[2]).toMatchObject({ ringMs: 998 });
    expect(effects[3]).toMatchObject({ peer: 'Local/agent01@agents-0000000e;1', waitMs: 1_000 });
    expect(endOf(effects).summary).toEqual({
      attemptId: attemptId(1),
      campaignId: CAMPAIGN,
      from: '',
      number: '5511900000001',
      destination: 'queue-demo',
      startedAt: START,
      ringingAt: START + 2,
      answeredAt: START + 1_000,
      bridgedAt: START + 2_000,
      endedAt: START + 6_003,
      durationMs: 6_003,
      billMs: 5_003,
      cause: 16,
      dtmf: '9',
      inferred: false,
    });
    expect(book.active).toBe(0);
  });

  it('waits with dialing until the campaign is known', () => {
    const book = new CallBook();
    const [first, second, third] = queueCall(1) as [ChannelEvent, ChannelEvent, ChannelEvent];
    expect(run(book, [first, second])).toEqual([]);
    expect(run(book, [third])).toMatchObject([{ type: 'dialing', at: START, call: { campaignId: CAMPAIGN } }]);
  });

  it('takes the cause of half 2 when half 1 names none', () => {
    expect(endOf(run(new CallBook(), busyCall(1))).summary.cause).toBe(17);
  });

  it('sees the agent join whichever of the two enters the bridge first', () => {
    const agent = { ...half(1, 1), id: 'pbx1-1.9', name: 'PJSIP/1001-00000001' };
    const bridge = { kind: 'entered_bridge', at: START, bridgeId: 'b' } as const;
    const effects = run(new CallBook(), [
      { ...bridge, channel: half(1, 1, { state: 'Up' }), members: [`${attemptId(1)};1`] },
      { ...bridge, at: START + 5, channel: agent, members: [`${attemptId(1)};1`, agent.id] },
    ]);
    expect(effects.at(-1)).toMatchObject({ type: 'bridged', at: START + 5, peer: 'PJSIP/1001-00000001' });
  });

  it('does not take the bridge of half 2 and the trunk for an agent', () => {
    const trunk = { ...half(1, 1), id: 'pbx1-1.8', name: 'PJSIP/trunk-00000002' };
    const effects = run(new CallBook(), [
      { kind: 'created', at: START, channel: half(1, 2) },
      { kind: 'entered_bridge', at: START, bridgeId: 'b', channel: half(1, 2, { state: 'Up' }), members: [`${attemptId(1)};2`, trunk.id] },
      { kind: 'entered_bridge', at: START, bridgeId: 'b', channel: trunk, members: [`${attemptId(1)};2`, trunk.id] },
    ]);
    expect(names(effects)).toEqual(['dialing', 'answered']);
  });

  it('ends a call 2 s after one half when the other does not come', () => {
    const book = new CallBook();
    expect(run(book, queueCall(1).slice(0, -1)).at(-1)?.type).toBe('dtmf');
    expect(book.tick(NOW + 1_999)).toEqual([]);
    expect(book.tick(NOW + 2_000)).toMatchObject([{ type: 'ended', at: START + 6_001, inferred: false }]);
  });

  it('makes a whole call of its last event', () => {
    const book = new CallBook();
    const effects = run(book, queueCall(1).slice(-1));
    expect(names([...effects, ...book.tick(NOW + 2_000)])).toEqual(['dialing', 'answered', 'ended']);
  });

  it('forgets an ended call after a minute, and not before', () => {
    const book = new CallBook();
    run(book, queueCall(1));
    book.tick(NOW + REMEMBER_ENDED_MS - 1);
    expect(run(book, queueCall(1))).toEqual([]);
    book.tick(NOW + REMEMBER_ENDED_MS);
    expect(book.remembered).toBe(0);
  });

  it('ignores channels that are not ours', () => {
    const book = new CallBook();
    const foreign = { ...half(1, 1), id: 'pbx1-1795224653.28' };
    expect(run(book, [{ kind: 'created', at: START, channel: foreign }, { kind: 'destroyed', at: START, channel: { ...foreign, id: '019aa3f0-1111-4000-8000-000000000001;1' }, cause: 16 }])).toEqual([]);
    expect(book.active).toBe(0);
  });

  describe('after a gap', () => {
    it('ends what the PBX no longer has, a second later, marked as inferred', () => {
      const book = new CallBook();
      run(book, queueCall(1).slice(0, 8));
      expect(book.reconcile([], NOW + 10_000, NOW + 10_000)).toEqual([]);
      expect(book.tick(NOW + 10_999)).toEqual([]);
      expect(book.tick(NOW + 11_000)).toMatchObject([{ type: 'ended', inferred: true, summary: { inferred: true } }]);
    });

    it('lets the events that were under way have the last word', () => {
      const book = new CallBook();
      run(book, queueCall(1).slice(0, 8));
      book.reconcile([], NOW + 10_000, NOW + 10_000);
      expect(endOf(run(book, queueCall(1).slice(8), NOW + 10_500))).toMatchObject({ inferred: false, summary: { cause: 16, inferred: false } });
    });

    it('adopts calls that began meanwhile, and leaves alone those younger than the look', () => {
      const book = new CallBook();
      run(book, busyCall(2).slice(0, 3));
      const adopted = book.reconcile([half(1, 1, { state: 'Up', context: 'campaign', exten: 'hold' }), half(1, 2, { state: 'Up' })], NOW - 1_000, NOW);
      expect(adopted.map(({ type, inferred }) => [type, inferred])).toEqual([['dialing', true], ['answered', true]]);
      expect(book.tick(NOW + 5_000)).toEqual([]);
      expect(book.active).toBe(2);
    });
  });

  it('never throws, ends twice, or mixes calls, whatever is lost, repeated or out of order', () => {
    const all = [1, 2, 3].flatMap((n) => [...queueCall(n), ...busyCall(n + 3)]);
    const shuffled = fc.array(fc.nat(all.length - 1), { maxLength: all.length * 2 }).map((picks) => picks.map((i) => all[i] as ChannelEvent));
    fc.assert(
      fc.property(shuffled, fc.boolean(), (events, look) => {
        const book = new CallBook();
        const effects = events.flatMap((event, i) => [...book.apply(event, NOW + i), ...(i % 7 === 0 ? book.tick(NOW + i) : [])]);
        if (look) effects.push(...book.reconcile([half(1, 1)], NOW + 100, NOW + 100));
        effects.push(...book.tick(NOW + 10_000));
        checkPerCall(effects);
        book.tick(NOW + 100_000);
        expect(book.remembered).toBe(0);
      }),
      { numRuns: 400 },
    );
  });
});

function checkPerCall(effects: readonly CallEffect[]): void {
  for (let n = 1; n <= 6; n += 1) {
    const own = effects.filter(({ call }) => call.callId === attemptId(n));
    const once = own.filter(({ type }) => type !== 'dtmf').map(({ type }) => type);
    expect(new Set(once).size).toBe(once.length);
    if (own.length === 0) continue;
    expect(once[0]).toBe('dialing');
    if (once.includes('ended')) expect(own.at(-1)?.type).toBe('ended');
    for (const { call } of own) expect([`55119000${String(n).padStart(5, '0')}`, '']).toContain(call.number);
    const peer = own.find((effect) => effect.type === 'bridged')?.peer;
    if (peer !== undefined) expect([`Local/agent0${n}@agents-0000000e;1`, `pbx1-${n}.34`]).toContain(peer);
  }
}
