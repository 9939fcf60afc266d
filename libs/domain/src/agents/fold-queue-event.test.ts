import type { AmiEvent } from './ami-event.ts';
import { foldQueueEvent } from './fold-queue-event.ts';
import { EMPTY_QUEUES, type QueuesState } from './queues-state.ts';
import { summarizeQueues } from './summarize-queues.ts';
import { recordedEvents } from './testing/recorded-events.ts';

const T0 = 1_795_218_171_000;
const ATTEMPT = '019aa3f0-1111-7000-8000-000000000001';
const AGENT = 'Local/agent01@agents/n';

const foldAll = (events: readonly AmiEvent[], from: QueuesState = EMPTY_QUEUES, nowMs = T0): QueuesState =>
  events.reduce((state, event) => foldQueueEvent(state, event, nowMs), from);
const numbers = (state: QueuesState, nowMs = T0, queueWrapUpSec = 0) => summarizeQueues(state, { nowMs, queueWrapUpSec });
const only = (state: QueuesState, nowMs?: number, wrapUpSec?: number) => numbers(state, nowMs, wrapUpSec)[0];
const agents = (loggedIn: number, rest: Partial<Record<'idle' | 'busy' | 'paused' | 'wrapUp', number>>) => ({ loggedIn, idle: 0, busy: 0, paused: 0, wrapUp: 0, ...rest });

const status = (state: number, more: Record<string, string> = {}): AmiEvent => ({ Event: 'QueueMemberStatus', Queue: 'sales', Interface: AGENT, Status: String(state), Paused: '0', LastCall: '0', InCall: '0', Wrapuptime: '0', ...more });
const caller = (event: string, more: Record<string, string> = {}): AmiEvent => ({ Event: event, Queue: 'sales', Uniqueid: `${ATTEMPT};1`, Interface: AGENT, ...more });
const snapshot = (id: string, member: Record<string, string>, entries: string[] = []): AmiEvent[] => [
  { Event: 'QueueParams', Queue: 'sales', ActionID: id },
  { Event: 'QueueMember', Queue: 'sales', Location: AGENT, Status: '1', Paused: '0', LastCall: '0', InCall: '0', Wrapuptime: '0', ActionID: id, ...member },
  ...entries.map((entry) => ({ Event: 'QueueEntry', Queue: 'sales', Uniqueid: entry, ActionID: id })),
  { Event: 'QueueStatusComplete', EventList: 'Complete', ActionID: id },
];

test('a recorded call of a stranger: waits, rings, talks, ends, and never counts as a campaign call', () => {
  const seen: unknown[] = [];
  recordedEvents('queue-call.ami.txt').reduce((state, event) => {
    const next = foldQueueEvent(state, event, T0);
    const { waiting, connected, agents: of } = only(next) ?? {};
    seen.push([event['Event'], waiting, of?.busy, of?.idle, next.calls.size, connected]);
    return next;
  }, EMPTY_QUEUES);
  expect(seen).toEqual([
    ['QueueCallerJoin', 1, 0, 0, 0, 0],
    ['AgentCalled', 1, 0, 0, 1, 0],
    ['QueueMemberStatus', 1, 1, 0, 1, 0],
    ['QueueCallerLeave', 0, 1, 0, 0, 0],
    ['AgentConnect', 0, 1, 0, 1, 0],
    ['AgentComplete', 0, 1, 0, 0, 0], // the phone is still said to be in use
    ['QueueMemberStatus', 0, 0, 1, 0, 0],
  ]);
});

test('a recorded campaign call with both lists read in the middle', () => {
  const events = recordedEvents('late-look.ami.txt');
  const at = (name: string) => events.findIndex((event) => event['Event'] === name);
  const during = foldAll(events.slice(0, at('AgentComplete')));
  expect(only(during)).toEqual({ queue: 'demo', agents: agents(10, { idle: 9, busy: 1 }), waiting: 0, connected: 1 });
  const ended = foldAll(events.slice(at('AgentComplete')), during);
  expect(only(ended, 1_795_226_890_500, 3)).toEqual({ queue: 'demo', agents: agents(10, { idle: 9, wrapUp: 1 }), waiting: 0, connected: 0 });
  expect(only(ended, 1_795_226_892_000, 3)?.agents).toEqual(agents(10, { idle: 10 }));
});

test('who looks only when agents already talk finds their calls in the channel list', () => {
  const events = recordedEvents('late-look.ami.txt');
  const at = (name: string) => events.findIndex((event) => event['Event'] === name);
  const late = foldAll(events.slice(at('QueueParams'), at('AgentComplete')));
  expect([...late.calls.values()]).toEqual([
    { queue: 'demo', agent: 'Local/agent03@agents/n', caller: `${ATTEMPT};1`, callId: ATTEMPT, attemptId: ATTEMPT, talking: true, sinceMs: T0 },
  ]);
  expect(only(foldAll(events.slice(at('AgentComplete')), late))).toMatchObject({ connected: 0, agents: agents(10, { idle: 10 }) });
});

test('a snapshot wins over what was known before it', () => {
  const before = foldAll([status(2), caller('QueueCallerJoin'), caller('AgentConnect')]);
  expect(only(before)).toMatchObject({ connected: 1, waiting: 1, agents: agents(1, { busy: 1 }) });
  const after = foldAll(snapshot('a', {}, ['other;1']), before, T0 + 3_000);
  expect(only(after)).toMatchObject({ connected: 0, waiting: 1, agents: agents(1, { idle: 1 }) });
  expect([...(after.queues.get('sales')?.callers.keys() ?? [])]).toEqual(['other;1']);
  expect(numbers(foldAll([{ Event: 'QueueStatusComplete', ActionID: 'b' }], after))).toEqual([]);
});

test('what happens while a snapshot is read is seen at once and stays when it is complete', () => {
  const [params = {}, member = {}, end = {}] = snapshot('a', {});
  const during = foldAll([params, member, status(1, { Paused: '1' }), caller('QueueCallerJoin')]);
  expect(only(during)).toMatchObject({ waiting: 1, agents: agents(1, { paused: 1 }) });
  expect(only(foldAll([end], during))).toMatchObject({ waiting: 1, agents: agents(1, { paused: 1 }) });
});

test('a call connected a moment before the snapshot is kept, and a list that was cut off leaves no trace', () => {
  const connected = foldAll([status(2), caller('AgentConnect')]);
  expect(only(foldAll(snapshot('a', { Status: '2' }), connected, T0 + 500))?.connected).toBe(1);
  const cut = foldAll([{ Event: 'QueueParams', Queue: 'gone', ActionID: 'cut' }, ...snapshot('b', {})]);
  expect(numbers(cut).map((queue) => queue.queue)).toEqual(['sales']);
});

test('an offered call keeps the agent busy until it is answered, not answered, or the caller is gone', () => {
  const offered = foldAll([status(1), caller('QueueCallerJoin'), caller('AgentCalled')]);
  expect(only(offered)?.agents).toEqual(agents(1, { busy: 1 }));
  expect(only(foldAll([caller('AgentRingNoAnswer')], offered))?.agents).toEqual(agents(1, { idle: 1 }));
  expect(only(foldAll([caller('QueueCallerAbandon'), caller('QueueCallerLeave')], offered))).toMatchObject({ waiting: 0, agents: agents(1, { idle: 1 }) });
});

test('repeated events change no number', () => {
  const call = [status(2), caller('QueueCallerJoin'), caller('QueueCallerLeave'), caller('AgentConnect')];
  expect(numbers(foldAll([...call, ...call]))).toEqual(numbers(foldAll(call)));
  expect(only(foldAll([caller('AgentComplete'), caller('AgentComplete')], foldAll(call)))?.connected).toBe(0);
});

test('counts each agent once per queue: talking before paused, unregistered not at all, unknown only as logged in', () => {
  const member = (agent: string, state: number, more = {}) => status(state, { Interface: agent, ...more });
  const state = foldAll([
    member('PJSIP/1', 1), member('PJSIP/2', 2, { Paused: '1' }), member('PJSIP/3', 1, { Paused: '1' }), member('PJSIP/4', 5), member('PJSIP/5', 0),
    member('PJSIP/6', 1, { LastCall: String(T0 / 1000 - 4), Wrapuptime: '5' }), member('PJSIP/7', 1, { LastCall: String(T0 / 1000 - 5), Wrapuptime: '5' }),
    member('PJSIP/8', 8), { ...member('PJSIP/1', 2), Queue: 'second' },
  ]);
  expect(numbers(state)).toEqual([
    { queue: 'sales', agents: agents(7, { idle: 2, busy: 2, paused: 1, wrapUp: 1 }), waiting: 0, connected: 0 },
    { queue: 'second', agents: agents(1, { busy: 1 }), waiting: 0, connected: 0 },
  ]);
  expect(numbers(foldAll([{ Event: 'QueueMemberRemoved', Queue: 'second', Interface: 'PJSIP/1' }], state))[1]?.agents).toEqual(agents(0, {}));
});

test('the end of a call begins the wrap-up by the clock of the PBX', () => {
  const ended = foldAll([status(1), caller('AgentConnect'), caller('AgentComplete', { Timestamp: '1795218180.9' })]);
  expect(only(ended, 1_795_218_184_900, 5)?.agents).toEqual(agents(1, { wrapUp: 1 }));
  expect(only(ended, 1_795_218_185_000, 5)?.agents).toEqual(agents(1, { idle: 1 }));
});

test('without a wrap-up an agent is idle at once, even when the clock of the PBX seems a moment behind its own events', () => {
  const ended = foldAll([status(1, { LastCall: '1795218181' })]);
  expect(only(ended, 1_795_218_180_999)?.agents).toEqual(agents(1, { idle: 1 }));
});

test('events of other kinds give the same object back', () => {
  const state = foldAll([status(1)]);
  for (const event of [{ Event: 'Hangup', Queue: 'sales' }, { Event: 'AgentConnect' }, { Event: 'PeerStatus' }, {}] as AmiEvent[]) {
    expect(foldQueueEvent(state, event, T0)).toBe(state);
  }
});
