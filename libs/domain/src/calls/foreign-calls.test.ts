import { CallBook } from './call-book.ts';
import type { CallEffect } from './call-state.ts';
import type { ChannelEvent } from './channel-event.ts';
import { MAX_LEGS } from './channel-index.ts';
import { classify } from './disposition.ts';
import { at, channel } from './testing/foreign-channels.ts';
import { attemptId, half, queueCall, START } from './testing/invented-calls.ts';
import { trunkRule } from './trunk-rule.ts';

const NOW = START + 500;
const CALLER = channel('p.1', 'PJSIP/trunk-00000001', { state: 'Ring', callerNumber: '5511988887777', context: 'from-trunk', exten: '5000' });
const DESK = channel('p.2', 'PJSIP/1001-00000002');
const OTHER_DESK = channel('p.3', 'PJSIP/1002-00000003');
const FROM_DESK = channel('p.4', 'PJSIP/1003-00000004', { state: 'Ring', callerNumber: '1003', exten: '1001' });
const local = (n: number, which: 1 | 2, to = '1001@internal') => channel(`l.${n};${which}`, `Local/${to}-0000000${n};${which}`, { state: which === 1 ? 'Down' : 'Ring' });

const run = (book: CallBook, events: readonly ChannelEvent[], now = NOW): CallEffect[] => events.flatMap((event) => book.apply(event, now));
const names = (effects: readonly CallEffect[]): string[] => effects.map(({ type, call }) => `${call.callId} ${type}`);
const answeredBy = (desk = DESK): ChannelEvent[] => [at(0).created(CALLER), at(1).created(desk), at(2).dial(CALLER, desk), at(900).dial(CALLER, { ...desk, state: 'Up' }, 'ANSWER'), at(901).up(CALLER), at(902).bridge(desk), at(903).bridge(CALLER, desk)];

describe('who called whom', () => {
  it('tells at once that a trunk calls, and of an extension when it dials', () => {
    const book = new CallBook();
    expect(run(book, [at(0).created(CALLER)])).toMatchObject([{ type: 'received', call: { callId: 'p.1', direction: 'inbound', route: 'external', from: '5511988887777', number: '5000' } }]);
    expect(run(book, [at(5).created(FROM_DESK), at(6).created(OTHER_DESK)])).toEqual([]);
    const told = run(book, [at(7).dial(FROM_DESK, OTHER_DESK)]);
    expect(told).toMatchObject([{ type: 'received', at: START, call: { direction: 'internal', route: 'internal' } }, { type: 'dialing', at: START + 7 }]);
  });

  it('waits with the direction for what a Local channel dials', () => {
    const trunk = channel('p.9', 'PJSIP/trunk-00000009');
    const book = new CallBook();
    const before = run(book, [at(0).created(FROM_DESK), at(1).created(local(1, 1)), at(1).created(local(1, 2)), at(2).dial(FROM_DESK, local(1, 1))]);
    expect(before).toEqual([]);
    expect(run(book, [at(3).created(trunk), at(3).dial(local(1, 2), trunk)])).toMatchObject([
      { type: 'received', call: { callId: 'p.4', direction: 'outbound', route: 'external' } },
      { type: 'dialing', at: START + 2 },
    ]);
  });

  it.each<[string, string[], string, boolean]>([
    ['PJSIP/carrier-a-00000001', ['carrier-a'], 'inbound', true],
    ['PJSIP/trunk-00000001', ['carrier-a'], 'internal', false],
    ['DAHDI/i1/5511-1', [], 'inbound', true],
    ['IAX2/office-123', [], 'inbound', true],
    ['SIP/trunk-0000000a', ['trunk'], 'inbound', true],
  ])('%s with the trunks %j: %s', (name, endpoints, direction, atOnce) => {
    const book = new CallBook({ outside: trunkRule(endpoints) });
    const began = run(book, [at(0).created({ ...CALLER, name })]);
    expect(began).toHaveLength(atOnce ? 1 : 0);
    expect(run(book, [at(9).gone({ ...CALLER, name })]).at(-1)).toMatchObject({ type: 'ended', call: { direction } });
  });

  it('takes a call that somebody else originates for one of the pair’s half 1, whichever half shows first', () => {
    const [one, two] = [local(1, 1, '5511900000001@trunk'), local(1, 2, '5511900000001@trunk')];
    for (const pair of [[one, two], [two, one]]) {
      const told = run(new CallBook(), [...pair.map((of) => at(0).created(of)), at(1).dial(null, one), at(2).up(two), at(3).gone(two), at(3).gone(one)]);
      expect(names(told)).toEqual(['l.1;1 dialing', 'l.1;1 answered', 'l.1;1 ended']);
      expect(told.at(-1)).toMatchObject({ call: { direction: 'outbound', route: 'external', number: '5511900000001' } });
    }
  });

  it('does not join halves of pairs that only share a name, as after a restart of the PBX', () => {
    const book = new CallBook();
    run(book, [at(0).created(local(1, 1)), at(0).dial(null, local(1, 1)), at(0).created({ ...local(1, 2), id: 'later;2', createdAt: START + 60_000 })]);
    expect(book.save().foreign.calls.map(({ callId }) => callId)).toEqual(['l.1;1', 'later;2']);
  });
});

describe('channels of one call', () => {
  it('joins caller, Local channel and phone, though the phone is dialled before the Local channel is', () => {
    const book = new CallBook();
    const told = run(book, [
      at(0).created(CALLER), at(1).created(local(1, 1)), at(1).created(local(1, 2)), at(2).created(DESK),
      at(3).dial(local(1, 2), DESK), at(4).dial(CALLER, local(1, 1)), at(500).dial(local(1, 2), DESK, 'RINGING'),
    ]);
    expect(names(told)).toEqual(['p.1 received', 'p.1 dialing', 'p.1 ringing']);
    expect(book.active).toBe(1);
  });

  it('joins by a bridge of two what nothing else told', () => {
    const book = new CallBook();
    const told = run(book, [at(0).created(CALLER), at(1).created(DESK), at(902).bridge(DESK), at(903).bridge(CALLER, DESK), at(950).gone(DESK), at(951).gone(CALLER)]);
    expect(names(told)).toEqual(['p.1 received', 'p.1 answered', 'p.1 bridged', 'p.1 ended']);
  });

  it('does not take what an attended transfer rings for a call, though nobody is said to dial it', () => {
    const book = new CallBook();
    run(book, answeredBy());
    const told = run(book, [at(1_000).created(local(1, 1)), at(1_000).created(local(1, 2)), at(1_001).dial(null, local(1, 1), 'RINGING'), at(1_002).bridge(DESK, local(1, 1))]);
    expect([told, book.active]).toEqual([[], 1]);
  });

  it('leaves two calls that meet two calls', () => {
    const book = new CallBook();
    const told = run(book, [at(0).created(CALLER), at(1).created(FROM_DESK), at(5).bridge(CALLER), at(6).bridge(FROM_DESK, CALLER), at(9).gone(CALLER), at(20).gone(FROM_DESK)]);
    expect(names(told)).toEqual(['p.1 received', 'p.1 answered', 'p.4 received', 'p.4 answered', 'p.4 bridged', 'p.1 bridged', 'p.1 ended', 'p.4 ended']);
  });

  it('gives an own call its agent’s and its trunk’s channels: they never become calls', () => {
    const book = new CallBook();
    const trunk = channel('p.8', 'PJSIP/trunk-00000008');
    const talk = queueCall(1);
    const told = run(book, [
      ...talk.slice(0, 3), at(1).created(trunk), at(1).dial(half(1, 2), trunk), ...talk.slice(3, 8),
      at(1_003).created(local(1, 1)), at(1_003).created(local(1, 2)), at(1_003).dial(half(1, 1), local(1, 1)), at(1_004).created(DESK), at(1_004).dial(local(1, 2), DESK),
      ...talk.slice(8), at(6_010).gone(trunk), at(6_010).up(local(1, 1)), at(6_011).gone(local(1, 1)), at(6_011).gone(DESK),
    ]);
    expect(new Set(told.map(({ call }) => call.callId))).toEqual(new Set([attemptId(1)]));
    expect(told.map(({ type }) => type)).toEqual(['dialing', 'ringing', 'answered', 'bridged', 'dtmf', 'ended']);
    // Not even a channel of theirs whose end comes later.
    expect(run(book, [at(6_500).up(local(1, 2)), at(6_501).gone(local(1, 2))])).toEqual([]);
    expect([book.active, book.save().foreign.calls, book.save().foreign.index.legs]).toEqual([0, [], []]);
  });

  it('begins with what it sees first: a channel that dials', () => {
    expect(names(run(new CallBook(), [at(5).dial({ ...FROM_DESK, state: 'Up' }, DESK)]))).toEqual(['p.4 received', 'p.4 dialing']);
  });

  it('follows as many channels as a call may have, and none twice', () => {
    const book = new CallBook();
    run(book, [at(0).created(CALLER)]);
    for (let n = 0; n < MAX_LEGS + 50; n += 1) run(book, [at(1).dial(CALLER, channel(`a.${n}`, `PJSIP/${n}-1`))]);
    const { calls, index } = book.save().foreign;
    expect([calls.length, index.legs.length]).toEqual([1, MAX_LEGS]);
  });

  it('ignores channels that nobody is at, and the end of one that it never saw', () => {
    const book = new CallBook();
    expect(run(book, [at(0).created(channel('s.1', 'Snoop/p.1-00000001', { state: 'Up' })), at(1).gone(DESK)])).toEqual([]);
    expect(book.save().foreign.calls).toEqual([]);
  });
});

describe('holds, keys and transfers', () => {
  it('counts a hold where it was asked for, of a foreign call and of ours', () => {
    const book = new CallBook();
    run(book, [...answeredBy(), at(910).created(local(1, 1)), at(910).dial(CALLER, local(1, 1))]);
    const told = run(book, [at(1_000).hold(DESK), at(1_001).hold(DESK), at(1_001).hold(local(1, 1)), at(2_000).unhold(DESK), at(2_001).unhold(DESK)]);
    expect(told).toMatchObject([{ type: 'held', at: START + 1_000, channel: 'PJSIP/1001-00000002', call: { callId: 'p.1' } }, { type: 'unheld', at: START + 2_000 }]);

    const ours = new CallBook();
    run(ours, [...queueCall(1).slice(0, 8), at(1_003).dial(half(1, 1), OTHER_DESK)]);
    expect(run(ours, [at(3_000).hold(OTHER_DESK), at(3_500).gone(OTHER_DESK)])).toMatchObject([
      { type: 'held', call: { callId: attemptId(1), ours: true } },
      { type: 'unheld', at: START + 3_500 },
    ]);
  });

  it('counts a key once, where it was pressed', () => {
    const book = new CallBook();
    run(book, [...answeredBy(), at(910).created(local(1, 1)), at(910).created(local(1, 2)), at(910).dial(CALLER, local(1, 1))]);
    const told = run(book, [at(1_000).dtmf(CALLER, '1'), at(1_002).dtmf(local(1, 2), '1'), at(1_300).dtmf(DESK, '1'), at(1_302).dtmf(local(1, 1), '1'), at(1_300).dtmf(DESK, '1')]);
    expect(told.map((effect) => (effect.type === 'dtmf' ? [effect.at - START, effect.digit] : effect.type))).toEqual([[1_000, '1'], [1_300, '1']]);
  });

  it('hears the keys of an originated Local channel at half 1 only while nobody else is behind it', () => {
    const [one, two] = [local(1, 1, '551@trunk'), local(1, 2, '551@trunk')];
    const begin = [at(0).created(one), at(0).created(two), at(1).dial(null, one), at(2).up(one)];
    const digits = (events: ChannelEvent[]) => run(new CallBook(), [...begin, ...events]).filter(({ type }) => type === 'dtmf').length;
    expect(digits([at(9).dtmf(one, '1'), at(9).dtmf(two, '2')])).toBe(1);
    const trunk = channel('p.9', 'PJSIP/trunk-00000009');
    expect(digits([at(3).dial(two, trunk), at(9).dtmf(trunk, '1'), at(10).dtmf(one, '1')])).toBe(1);
  });

  it('tells who handed the call on, of ours as well; a transfer that failed is none', () => {
    const book = new CallBook();
    run(book, answeredBy());
    const told = run(book, [at(2_000).transfer(DESK, '1002'), at(2_000).transfer(DESK, '1002'), at(3_000).transfer(DESK, '1003', { succeeded: false })]);
    expect(told).toMatchObject([{ type: 'transferred', kind: 'blind', by: 'PJSIP/1001-00000002', target: '1002', call: { callId: 'p.1' } }]);
    // The rest of the call is with whom it was handed to.
    expect(run(book, [at(2_001).gone(DESK), at(2_002).dial(CALLER, OTHER_DESK), at(9_000).gone(CALLER)])).toEqual([]);
    expect(names(run(book, [at(9_001).gone(OTHER_DESK)]))).toEqual(['p.1 ended']);

    const ours = new CallBook();
    run(ours, queueCall(1).slice(0, 8));
    expect(run(ours, [at(3_000).transfer(DESK, 'PJSIP/1002-00000003', { how: 'attended', transferee: half(1, 1) })])).toMatchObject([{ type: 'transferred', kind: 'attended', call: { callId: attemptId(1) } }]);
  });
});

describe('the end', () => {
  const summaryOf = (events: readonly ChannelEvent[]) => {
    const last = run(new CallBook(), events).at(-1);
    return last?.type === 'ended' ? last.summary : undefined;
  };

  it('waits until the last channel is gone, and 2 s for those that were asked to hang up', () => {
    const book = new CallBook();
    run(book, [...answeredBy(), at(5_000).hangup(CALLER), at(5_000).hangup(DESK)]);
    expect(run(book, [at(5_001).gone(CALLER)])).toEqual([]);
    expect(book.tick(NOW + 1_999)).toEqual([]);
    expect(book.tick(NOW + 2_000)).toMatchObject([{ type: 'ended', at: START + 5_001, inferred: false }]);
    expect(run(book, [at(5_002).gone(DESK), at(5_002).up(DESK)])).toEqual([]);
  });

  it('waits 2 s for the other half of a Local channel', () => {
    const book = new CallBook();
    run(book, [at(0).created(local(1, 1)), at(0).created(local(1, 2)), at(1).dial(null, local(1, 1)), at(9).gone(local(1, 2), 19)]);
    expect(book.tick(NOW + 2_000)).toMatchObject([{ type: 'dialing' }, { type: 'ended', inferred: false, summary: { cause: 19 } }]);
  });

  it('goes on waiting in a process that was restarted', () => {
    const before = new CallBook();
    run(before, [...queueCall(1).slice(0, -1), at(0).created(local(1, 1)), at(0).created(local(1, 2)), at(1).dial(null, local(1, 1)), at(9).gone(local(1, 2))]);
    const book = CallBook.restore(JSON.parse(JSON.stringify(before.save())), NOW + 1_000);
    expect(book.tick(NOW + 2_000).filter(({ type }) => type === 'ended').map(({ call }) => call.callId)).toEqual([attemptId(1), 'l.1;1']);
    expect(run(book, [at(9).up(local(1, 2))])).toEqual([]);
  });

  it('does not end a call whose other end goes on', () => {
    const book = new CallBook();
    run(book, [...answeredBy(), at(5_000).hangup(CALLER), at(5_001).gone(CALLER)]);
    expect(book.tick(NOW + 3_600_000)).toEqual([]);
    expect(book.active).toBe(1);
  });

  it.each<[string, ChannelEvent[], number, string]>([
    ['the dialled phone says why', [at(9).gone(DESK, 17), at(10).gone(CALLER, 16)], 17, 'busy'],
    ['the latest phone says why', [at(9).gone(DESK, 21), at(10).dial(CALLER, OTHER_DESK), at(11).gone(OTHER_DESK, 19), at(12).gone(CALLER, 16)], 19, 'no_answer'],
    ['the phone was only hung up: what the caller was told', [at(9).gone(DESK, 16), at(10).gone(CALLER, 21)], 21, 'rejected'],
    ['only the dial says why', [at(8).dial(CALLER, DESK, 'CONGESTION'), at(9).gone(DESK, 0), at(10).gone(CALLER, 16)], 34, 'congestion'],
    ['the caller gave up', [at(5).dial(CALLER, DESK, 'RINGING'), at(9).gone(DESK, 0), at(10).gone(CALLER, 16)], 16, 'no_answer'],
    ['somebody else answered', [at(5).dial(CALLER, DESK, 'RINGING'), at(9).gone(DESK, 26), at(10).gone(CALLER, 16)], 26, 'no_answer'],
    ['answered, whatever the phone says', [at(5).up(CALLER), at(9).gone(DESK, 38), at(10).gone(CALLER, 16)], 16, 'answered'],
  ])('joins the causes of all channels: %s', (_, events, cause, disposition) => {
    const summary = summaryOf([at(0).created(CALLER), at(1).created(DESK), at(2).dial(CALLER, DESK), ...events]);
    expect([summary?.cause, summary && classify(summary)]).toEqual([cause, disposition]);
  });

  it.each([
    ['abandoned', [at(5).hangup({ ...CALLER, app: 'Queue' })]],
    ['abandoned', [at(5).up({ ...CALLER, app: 'Queue' })]],
    ['answered', [at(5).up({ ...CALLER, app: 'Queue' }), at(6).hangup({ ...CALLER, app: 'VoiceMail' })]],
    ['answered', [at(5).up({ ...CALLER, app: 'Queue' }), at(6).dial({ ...CALLER, app: 'Queue' }, DESK), at(7).bridge(DESK, CALLER), at(8).gone(DESK)]],
    ['failed', []],
  ])('%s: by where the caller was last', (disposition, events) => {
    const summary = summaryOf([at(0).created(CALLER), ...events, at(9).gone(CALLER)]);
    expect(summary && classify(summary)).toBe(disposition);
  });
});

describe('after a gap', () => {
  const up = { state: 'Up' };
  const look = [{ ...CALLER, ...up, app: 'Dial' }, { ...DESK, ...up, app: 'AppDial' }, { ...local(1, 1), ...up, app: 'Wait' }, { ...local(1, 2), ...up }];
  const bridges = [{ id: 'b', members: ['p.2', 'p.1'] }];

  it('adopts calls that it finds, their channels joined by Local names and by bridges of two', () => {
    const book = new CallBook();
    const adopted = book.reconcile(look, NOW + 5_000, NOW + 5_000, bridges);
    expect(names(adopted).sort()).toEqual(['l.1;1 answered', 'l.1;1 dialing', 'p.1 answered', 'p.1 bridged', 'p.1 received']);
    expect(adopted.every(({ inferred }) => inferred)).toBe(true);
    expect(names(run(book, [at(9).gone(DESK), at(9).gone(CALLER), at(9).gone(local(1, 1)), at(9).gone(local(1, 2))]))).toEqual(['p.1 ended', 'l.1;1 ended']);
  });

  it('gives an adopted agent to our call that it talks to', () => {
    const book = new CallBook();
    run(book, queueCall(1).slice(0, 8));
    book.reconcile([half(1, 1, up), half(1, 2, up), { ...DESK, ...up, app: 'AppQueue' }], NOW + 5_000, NOW + 5_000, [{ id: 'b', members: [`${attemptId(1)};1`, 'p.2'] }]);
    expect([book.active, book.save().foreign.calls]).toEqual([1, []]);
  });

  it('ends what the PBX no longer has a second later, inferred, and drops channels whose end was lost', () => {
    const book = new CallBook();
    run(book, [...answeredBy(), at(0).created(FROM_DESK), at(950).up(FROM_DESK)]);
    expect(book.reconcile([{ ...CALLER, ...up }], NOW + 10_000, NOW + 10_000)).toEqual([]);
    expect(book.presumed).toBe(1);
    expect(book.tick(NOW + 11_000)).toMatchObject([{ type: 'ended', inferred: true, call: { callId: 'p.4' } }]);
    expect(names(run(book, [at(99).gone(CALLER)]))).toEqual(['p.1 ended']);
  });

  it('lets the events that were under way have the last word, and leaves younger calls alone', () => {
    const book = new CallBook();
    run(book, answeredBy());
    book.reconcile([], NOW + 10_000, NOW + 10_000);
    expect(run(book, [at(950).gone(DESK), at(951).gone(CALLER)], NOW + 10_100)).toMatchObject([{ type: 'ended', inferred: false, summary: { cause: 16 } }]);
    run(book, [at(20_000).created({ ...FROM_DESK, createdAt: START + 20_000 })], NOW + 20_000);
    book.reconcile([], NOW + 15_000, NOW + 20_000);
    expect(book.presumed).toBe(0);
  });

  it('does not adopt what has just ended', () => {
    const book = new CallBook();
    run(book, [...answeredBy(), at(950).gone(DESK), at(951).gone(CALLER)]);
    expect(book.reconcile(look.slice(0, 2), NOW - 1_000, NOW, bridges)).toEqual([]);
    expect(book.active).toBe(0);
  });
});
