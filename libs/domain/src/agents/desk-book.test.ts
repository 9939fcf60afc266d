import type { AmiEvent } from './ami-event.ts';
import { EMPTY_DESK_BOOK, loseSight, tellQueueEvent, tellTime, type DeskTold } from './desk-book.ts';
import type { DeskEffect } from './desk-effect.ts';
import { foldQueueEvent } from './fold-queue-event.ts';
import { EMPTY_QUEUES } from './queues-state.ts';
import { recordedEvents } from './testing/recorded-events.ts';

const T0 = 1_795_218_171_000;
const AGENT = 'Local/agent01@agents/n';
const ATTEMPT = '019aa3f0-1111-7000-8000-000000000001';
const CALL = 'c-queue-1795218170976;1';
const idle = { agent: AGENT, queue: 'sales', status: 'idle' };

/** One replica: what it tells, in order. */
class Replica {
  #queues = EMPTY_QUEUES;
  #book = EMPTY_DESK_BOOK;
  readonly #queueWrapUpSec: number;

  constructor(queueWrapUpSec = 0) {
    this.#queueWrapUpSec = queueWrapUpSec;
  }

  hear(events: readonly AmiEvent[], nowMs = T0): DeskEffect[] {
    return events.flatMap((event) => {
      const before = this.#queues;
      this.#queues = foldQueueEvent(before, event, nowMs);
      return this.#note(tellQueueEvent(this.#book, { before, after: this.#queues, event, wrapUp: { nowMs, queueWrapUpSec: this.#queueWrapUpSec } }));
    });
  }

  wait(nowMs: number): DeskEffect[] {
    return this.#note(tellTime(this.#book, this.#queues, { nowMs, queueWrapUpSec: this.#queueWrapUpSec }));
  }

  lose(): void {
    this.#book = loseSight(this.#book, this.#queues);
    this.#queues = EMPTY_QUEUES;
  }

  #note({ book, effects }: DeskTold): DeskEffect[] {
    this.#book = book;
    return effects;
  }
}

const at = (seconds: number): string => (T0 / 1_000 + seconds).toFixed(6);
const status = (state: number, more: Record<string, string> = {}): AmiEvent =>
  ({ Event: 'QueueMemberStatus', Queue: 'sales', Interface: AGENT, Status: String(state), Paused: '0', LastCall: '0', Timestamp: at(1), ...more });
const caller = (event: string, id: string, seconds: number, more: Record<string, string> = {}): AmiEvent =>
  ({ Event: event, Queue: 'sales', Uniqueid: id, Linkedid: id, Interface: AGENT, Count: '1', Timestamp: at(seconds), ...more });
const queueList = (members: Record<string, string>[], waiting: string[] = []): AmiEvent[] => [
  { Event: 'QueueParams', Queue: 'sales', ActionID: 'q' },
  ...members.map((member) => ({ Event: 'QueueMember', Queue: 'sales', Location: AGENT, Status: '1', Paused: '0', LastCall: '0', ActionID: 'q', ...member })),
  ...waiting.map((id) => ({ Event: 'QueueEntry', Queue: 'sales', Uniqueid: id, Wait: '2', ActionID: 'q' })),
  { Event: 'QueueStatusComplete', ActionID: 'q' },
];
const talkList = (...callers: string[]): AmiEvent[] => [
  ...callers.flatMap((id): AmiEvent[] => [
    { Event: 'CoreShowChannel', Channel: 'PJSIP/trunk-00000001', Uniqueid: id, Application: 'Queue', ApplicationData: 'sales,,,,60', BridgeId: id, ActionID: 'c' },
    { Event: 'CoreShowChannel', Channel: 'Local/agent01@agents-00000002;1', Uniqueid: 'x', Application: 'AppQueue', BridgeId: id, ActionID: 'c' },
  ]),
  { Event: 'CoreShowChannelsComplete', ActionID: 'c' },
];
const short = (effects: DeskEffect[]) => effects.map(({ type, data, atMs, inferred }) => [type, data, atMs - T0, inferred]);

test('a recorded call of a stranger, the agent being known before', () => {
  const replica = new Replica();
  expect(replica.hear(queueList([{}]))).toEqual([]);
  const told = replica.hear(recordedEvents('queue-call.ami.txt'));
  expect(short(told)).toEqual([
    ['queue.joined', { queue: 'sales', callId: CALL, waiting: 1 }, 979, false],
    ['agent.status', { ...idle, status: 'ringing', before: 'idle' }, 980, false],
    ['agent.status', { ...idle, status: 'busy', before: 'ringing' }, 986, false], // a Local channel is in use while it rings
    ['queue.connected', { queue: 'sales', callId: CALL, agent: AGENT, waitMs: 1_006 }, 1_985, false],
    ['queue.completed', { queue: 'sales', callId: CALL, agent: AGENT, talkMs: 4_019 }, 6_004, false],
    ['agent.status', { ...idle, before: 'busy' }, 6_005, false],
  ]);
  expect(told.every(({ attemptId }) => attemptId === null)).toBe(true);
  expect(told[0]?.occasion).toBe('1795218171.979750');
});

test('a recorded campaign call with both lists read in the middle: they are the first look and tell nothing', () => {
  const told = new Replica().hear(recordedEvents('late-look.ami.txt'));
  const agent = 'Local/agent03@agents/n';
  expect(told.map(({ type, data, attemptId }) => [type, data, attemptId])).toEqual([
    ['queue.joined', { queue: 'demo', callId: ATTEMPT, waiting: 1 }, ATTEMPT],
    ['queue.connected', { queue: 'demo', callId: ATTEMPT, agent, waitMs: 2 }, ATTEMPT],
    ['queue.completed', { queue: 'demo', callId: ATTEMPT, agent, talkMs: 4_002 }, ATTEMPT],
    ['agent.status', { queue: 'demo', agent, status: 'idle', before: 'busy' }, null],
  ]);
});

test('who looks only while they talk counts the talk as the PBX does', () => {
  const events = recordedEvents('late-look.ami.txt');
  const list = events.findIndex((event) => event['Event'] === 'QueueParams');
  const told = new Replica().hear(events.slice(list), 1_795_226_889_000);
  expect(told.map(({ type, data }) => [type, data])).toEqual([
    ['queue.completed', { queue: 'demo', callId: ATTEMPT, agent: 'Local/agent03@agents/n', talkMs: 4_000 }],
    ['agent.status', { queue: 'demo', agent: 'Local/agent03@agents/n', status: 'idle', before: 'busy' }],
  ]);
});

test('replicas with different clocks, of which one has looked later, tell the same under the same occasions', () => {
  const events = recordedEvents('queue-call.ami.txt');
  const [one, other] = [new Replica(), new Replica()];
  one.hear(queueList([{}]), T0 - 60_000);
  const told = one.hear(events, T0 + 40);
  expect(other.hear(events.slice(0, 2), T0 - 7)).toEqual(told.slice(0, 1)); // no agent is known yet
  other.hear(queueList([{}], [CALL]), T0);
  expect(other.hear(events.slice(2), T0 - 7).map(({ type, occasion }) => [type, occasion])).toEqual(told.slice(2).map(({ type, occasion }) => [type, occasion]));
});

test('an agent is added, pauses, is called away from the phone, and is removed', () => {
  const replica = new Replica();
  replica.hear(queueList([]));
  const whom = { agent: AGENT, queue: 'sales' };
  expect(short(replica.hear([{ ...status(1), Event: 'QueueMemberAdded' }]))).toEqual([
    ['agent.loggedin', whom, 1_000, false],
    ['agent.status', { ...idle, before: 'unavailable' }, 1_000, false],
  ]);
  expect(short(replica.hear([{ ...status(1, { Paused: '1', PausedReason: 'lunch' }), Event: 'QueueMemberPause' }]))).toEqual([
    ['agent.paused', { ...whom, reason: 'lunch' }, 1_000, false],
    ['agent.status', { ...whom, status: 'paused', before: 'idle' }, 1_000, false],
  ]);
  expect(short(replica.hear([status(5, { Paused: '1' })]))).toEqual([
    ['agent.status', { ...whom, status: 'unavailable', before: 'paused' }, 1_000, false],
    ['agent.loggedout', whom, 1_000, false],
  ]);
  expect(short(replica.hear([status(5, { Paused: '1' })]))).toEqual([]);
  expect(short(replica.hear([status(6)])).map(([type]) => type)).toEqual(['agent.loggedin', 'agent.unpaused', 'agent.status']);
  expect(short(replica.hear([{ ...status(1), Event: 'QueueMemberRemoved' }])).map(([type]) => type)).toEqual(['agent.status', 'agent.loggedout']);
});

test('a caller hangs up while waiting; one who leaves otherwise is told of by nothing', () => {
  const replica = new Replica();
  replica.hear(queueList([{}]));
  replica.hear([caller('QueueCallerJoin', 'a', 1), caller('QueueCallerJoin', 'b', 2, { Count: '2' })]);
  expect(short(replica.hear([caller('QueueCallerAbandon', 'a', 4.5, { HoldTime: '3' }), caller('QueueCallerLeave', 'a', 4.5), caller('QueueCallerLeave', 'b', 5)]))).toEqual([
    ['queue.abandoned', { queue: 'sales', callId: 'a', waitMs: 3_500 }, 4_500, false],
  ]);
});

test('an agent who talks in one queue is busy in the other too', () => {
  const replica = new Replica();
  replica.hear([...queueList([{}]).slice(0, -1), { Event: 'QueueMember', Queue: 'second', Location: AGENT, Status: '1', ActionID: 'q' }, { Event: 'QueueStatusComplete', ActionID: 'q' }]);
  const told = replica.hear([caller('AgentConnect', 'a', 1)]);
  expect(short(told).slice(1)).toEqual(['sales', 'second'].map((queue) => ['agent.status', { ...idle, queue, status: 'busy', before: 'idle' }, 1_000, false]));
});

test('the wrap-up ends by the clock, once, at its whole second; or before the event that comes after it', () => {
  const talked = [caller('AgentConnect', 'a', 1), caller('AgentComplete', 'a', 4.2), status(1, { LastCall: String(T0 / 1_000 + 4), Timestamp: at(4.3) })];
  const ended = [['agent.status', { ...idle, before: 'wrap_up' }, 9_000, false]];
  const replica = new Replica(5);
  replica.hear(queueList([{}]));
  expect(short(replica.hear(talked)).at(-1)).toEqual(['agent.status', { ...idle, status: 'wrap_up', before: 'busy' }, 4_200, false]);
  expect(replica.wait(T0 + 8_999)).toEqual([]);
  expect(short(replica.wait(T0 + 9_700))).toEqual(ended);
  expect(replica.wait(T0 + 9_800)).toEqual([]);
  const other = new Replica(5);
  other.hear(queueList([{}]));
  other.hear(talked);
  expect(short(other.hear([status(6, { Timestamp: at(12) })]))).toEqual([...ended, ['agent.status', { ...idle, status: 'ringing', before: 'idle' }, 12_000, false]]);
});

test('after a gap: agents who are different, came or went, and what became of callers, all marked as inferred', () => {
  const other = { agent: 'Local/agent02@agents/n', queue: 'sales' };
  const replica = new Replica();
  replica.hear(queueList([{}]));
  replica.hear(['waits', 'taken', 'gone', 'talks', 'done'].map((id, index) => caller('QueueCallerJoin', id, index)));
  replica.hear(['talks', 'done'].flatMap((id) => [caller('QueueCallerLeave', id, 5), caller('AgentConnect', id, 6)]));
  replica.lose();
  expect(replica.hear([caller('QueueCallerJoin', 'early', 8)], T0 + 8_000)).toHaveLength(1); // an event comes before the lists
  expect(short(replica.hear(queueList([{ Paused: '1' }, { Location: other.agent }], ['waits', 'new', 'early']), T0 + 10_000))).toEqual([
    ['agent.paused', { agent: AGENT, queue: 'sales', reason: '' }, 10_000, true],
    ['agent.status', { ...idle, status: 'paused', before: 'busy' }, 10_000, true],
    ['agent.loggedin', other, 10_000, true],
    ['agent.status', { ...other, status: 'idle', before: 'unavailable' }, 10_000, true],
  ]);
  expect(short(replica.hear(talkList('talks', 'taken'), T0 + 10_000))).toEqual([
    ['queue.connected', { queue: 'sales', callId: 'taken', agent: AGENT, waitMs: 9_000 }, 10_000, true],
    ['queue.abandoned', { queue: 'sales', callId: 'gone', waitMs: 8_000 }, 10_000, true],
    ['queue.completed', { queue: 'sales', callId: 'done', agent: AGENT, talkMs: 4_000 }, 10_000, true],
    ['queue.joined', { queue: 'sales', callId: 'new', waiting: 3 }, 8_000, true],
    ['agent.status', { ...idle, status: 'busy', before: 'paused' }, 10_000, true],
  ]);
  expect(replica.hear([...queueList([{ Paused: '1' }, { Location: other.agent }], ['waits', 'new', 'early']), ...talkList('talks', 'taken')], T0 + 10_500)).toEqual([]);
});

test('what is heard of a caller between the new connection and the lists is not told again by them', () => {
  const replica = new Replica();
  replica.hear(queueList([{}]));
  replica.hear([caller('QueueCallerJoin', 'a', 1), caller('QueueCallerLeave', 'a', 2), caller('AgentConnect', 'a', 2)]);
  replica.lose();
  expect(short(replica.hear([caller('AgentComplete', 'a', 7, { TalkTime: '5' })]))).toEqual([['queue.completed', { queue: 'sales', callId: 'a', agent: AGENT, talkMs: 5_000 }, 7_000, false]]);
  expect(replica.hear([...queueList([{}]), ...talkList()], T0 + 8_000).map(({ type }) => type)).toEqual(['agent.status']);
});

test('two looks in a row that show a difference are two occasions, the same for who had heard the same', () => {
  const looks = (): string[] => {
    const replica = new Replica();
    replica.hear(queueList([{}]));
    replica.hear([status(2)]);
    return [{ Status: '1' }, { Status: '2' }, { Status: '1' }].flatMap((member) => {
      replica.lose();
      return replica.hear(queueList([member])).map(({ occasion }) => occasion);
    });
  };
  expect(new Set(looks()).size).toBe(3);
  expect(looks()).toEqual(looks());
});
