import type { DeskEventData } from '@discador/contracts/events/desk-events';
import { intOf, type AmiEvent } from './ami-event.ts';
import { callNameOf, type CallName } from './call-name.ts';
import { inferredMoment, momentOf, type DeskEffect, type Moment } from './desk-effect.ts';
import { callKey, type AgentCall, type Caller, type QueuesState } from './queues-state.ts';

/** An agent's channel that could not be told apart. */
const UNKNOWN_AGENT = 'unknown';
/** The PBX counts whole seconds. Ours count when both agree; when they do not we have not seen the beginning. */
const AGREE_MS = 1_000;

type CallerEventType = 'queue.joined' | 'queue.connected' | 'queue.abandoned' | 'queue.completed';

/** What an event tells of a caller in a queue. One who leaves on time-out, by a key, or because no agent is there, is told of by nothing.
 *  @param known  the queues as they were before the event */
export function callerEffects(known: QueuesState, event: AmiEvent, nowMs: number): DeskEffect[] {
  const { Queue: queue = '', Uniqueid: id = '', Interface: agent = UNKNOWN_AGENT } = event;
  if (!queue || !id) return [];
  const moment = momentOf(event, nowMs);
  const waited = known.queues.get(queue)?.callers.get(id) ?? known.queues.get(queue)?.leaving.get(id);
  switch (event['Event']) {
    case 'QueueCallerJoin':
      return [told('queue.joined', callNameOf(event), { queue, waiting: intOf(event, 'Count') }, moment)];
    case 'QueueCallerAbandon':
      return [told('queue.abandoned', waited ?? callNameOf(event), { queue, waitMs: lasted(waited, moment, event['HoldTime']) }, moment)];
    case 'AgentConnect':
      return [told('queue.connected', waited ?? callNameOf(event), { queue, agent, waitMs: lasted(waited, moment, event['HoldTime']) }, moment)];
    case 'AgentComplete': {
      const talk = known.calls.get(callKey(id, agent));
      return [told('queue.completed', talk ?? callNameOf(event), { queue, agent, talkMs: lasted(talk, moment, event['TalkTime']) }, moment)];
    }
    default:
      return [];
  }
}

/** What must have happened to callers while nobody looked, for times at most as long as said.
 *  @param missed  the queues as they were when the PBX was lost, carried on by what was heard since
 *  @param now  the queues and talks as they are found */
export function missedCallerEffects(missed: QueuesState, now: QueuesState, nowMs: number): DeskEffect[] {
  const talksNow = talksByCaller(now);
  const talksBefore = talksByCaller(missed);
  const waitedBefore = callersOf(missed);
  const waitsNow = callersOf(now);
  const since = (from: number): number => Math.max(0, nowMs - from);
  const gone = [...waitedBefore].filter(([id]) => !waitsNow.has(id)).map(([id, { queue, caller }]) => {
    const talk = talksNow.get(id);
    const moment = inferredMoment(nowMs, String(caller.sinceMs));
    const waitMs = since(caller.sinceMs);
    return talk ? told('queue.connected', caller, { queue, agent: talk.agent || UNKNOWN_AGENT, waitMs }, moment) : told('queue.abandoned', caller, { queue, waitMs }, moment);
  });
  const ended = [...talksBefore].filter(([id]) => !talksNow.has(id)).map(([, talk]) =>
    told('queue.completed', talk, { queue: talk.queue, agent: talk.agent || UNKNOWN_AGENT, talkMs: since(talk.sinceMs) }, inferredMoment(nowMs, String(talk.sinceMs))));
  const joined = [...waitsNow].filter(([id]) => !waitedBefore.has(id)).map(([, { queue, caller }]) =>
    told('queue.joined', caller, { queue, waiting: now.queues.get(queue)?.callers.size ?? 0 }, { ...inferredMoment(nowMs, 'nothing'), atMs: caller.sinceMs }));
  const connected = [...talksNow].filter(([id]) => !talksBefore.has(id) && !waitedBefore.has(id)).map(([, talk]) =>
    told('queue.connected', talk, { queue: talk.queue, agent: talk.agent || UNKNOWN_AGENT, waitMs: 0 }, inferredMoment(nowMs, 'nothing')));
  return [...gone, ...ended, ...joined, ...connected];
}

function told<T extends CallerEventType>(type: T, { callId, attemptId }: CallName, rest: Omit<DeskEventData<T>, 'callId'>, moment: Moment): DeskEffect {
  return { type, data: { ...rest, callId } as DeskEventData<T>, attemptId, ...moment };
}

function lasted(from: { sinceMs: number } | undefined, { atMs }: Moment, seconds: string | undefined): number {
  const counted = 1_000 * Number(seconds);
  const seen = from ? Math.max(0, atMs - from.sinceMs) : counted || 0;
  return Math.abs(seen - counted) > AGREE_MS ? counted : seen;
}

function callersOf({ queues }: QueuesState): Map<string, { queue: string; caller: Caller }> {
  return new Map([...queues].flatMap(([queue, { callers }]) => [...callers].map(([id, caller]) => [id, { queue, caller }] as const)));
}

function talksByCaller({ calls }: QueuesState): Map<string, AgentCall> {
  return new Map([...calls.values()].filter((call) => call.talking).map((call) => [call.caller, call]));
}
