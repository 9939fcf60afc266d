import { engagements, type WrapUp } from './agent-status.ts';
import { allStandings, noStanding, standingEffects, standingKey, standingOf, wrapUpEnded, type Standing, type Standings } from './agent-standing.ts';
import type { AmiEvent } from './ami-event.ts';
import { callerEffects, missedCallerEffects } from './caller-effects.ts';
import { inferredMoment, momentOf, type DeskEffect } from './desk-effect.ts';
import { foldQueueEvent } from './fold-queue-event.ts';
import type { QueuesState } from './queues-state.ts';

/** What has been told of a PBX's queues: outlives its connections, so that a look after a gap shows what was missed. */
export interface DeskBook {
  /** null before the first look: what is found then is nothing new */
  standings: Standings | null;
  /** the queues as they were when the PBX was lost, carried on by what was heard since; null while nothing is missed */
  missed: QueuesState | null;
}

export const EMPTY_DESK_BOOK: DeskBook = { standings: null, missed: null };

export interface DeskTold {
  book: DeskBook;
  effects: DeskEffect[];
}

/** An event and what it made of the queues. */
export interface QueueChange {
  before: QueuesState;
  after: QueuesState;
  event: AmiEvent;
  wrapUp: WrapUp;
}

/** Lists end with these; the second one only after a new connection. */
const QUEUES_READ = 'QueueStatusComplete';
const TALKS_READ = 'CoreShowChannelsComplete';

/** What an event tells: of callers by itself, of agents by the difference that it made. */
export function tellQueueEvent(book: DeskBook, change: QueueChange): DeskTold {
  const { before, after, event, wrapUp } = change;
  const kind = event['Event'];
  if (after === before) return { book, effects: [] };
  const callers = callerEffects(book.missed ?? before, event, wrapUp.nowMs);
  const carried = carryOn(book.missed, event, wrapUp.nowMs);
  const missed = carried && kind === TALKS_READ ? missedCallerEffects(carried, after, wrapUp.nowMs) : [];
  const agents = tellAgents(book.standings, change);
  return { book: { standings: agents.standings, missed: kind === TALKS_READ ? null : carried }, effects: [...callers, ...missed, ...agents.effects] };
}

/** What the passing of time alone tells: wrap-ups that have ended. */
export function tellTime(book: DeskBook, state: QueuesState, wrapUp: WrapUp): DeskTold {
  const { standings } = book;
  const inWrapUp = [...(standings?.values() ?? [])].filter(({ status }) => status === 'wrap_up');
  if (!standings || inWrapUp.length === 0 || state.syncedAtMs === null) return { book, effects: [] };
  const next = new Map(standings);
  const talks = engagements(state.calls.values());
  const effects = inWrapUp.flatMap((standing) => endWrapUp(next, standing, state, talks, wrapUp));
  return { book: { ...book, standings: next }, effects };
}

/** The PBX is lost: what happens from now on is missed, until a look makes up for it. */
export function loseSight(book: DeskBook, last: QueuesState): DeskBook {
  return last.syncedAtMs === null || book.missed ? book : { ...book, missed: { ...last, reading: null, channels: [] } };
}

/** Events, but not the rows of lists, happen to the queues as they were too. */
function carryOn(missed: QueuesState | null, event: AmiEvent, nowMs: number): QueuesState | null {
  return missed && event['ActionID'] === undefined ? foldQueueEvent(missed, event, nowMs) : missed;
}

function tellAgents(standings: Standings | null, change: QueueChange): { standings: Standings | null; effects: DeskEffect[] } {
  const { before, after, event, wrapUp } = change;
  if (after.syncedAtMs === null) return { standings, effects: [] };
  if (!standings) return { standings: allStandings(after, wrapUp), effects: [] };
  const looked = event['Event'] === QUEUES_READ || event['Event'] === TALKS_READ;
  const touched = looked ? [...standings.values(), ...allStandings(after, wrapUp).values()] : touchedAgents(before, after);
  if (touched.length === 0) return { standings, effects: [] };
  const seen = momentOf(event, wrapUp.nowMs);
  const talks = engagements(after.calls.values());
  const talked = engagements(before.calls.values());
  const next = new Map(standings);
  const effects = touched.flatMap(({ queue, agent }) => {
    const key = standingKey(queue, agent);
    const known = next.get(key) ?? noStanding(queue, agent);
    const ended = endWrapUp(next, known, before, talked, { ...wrapUp, nowMs: seen.atMs });
    const was = next.get(key) ?? known;
    const is = standingOf(after, queue, agent, talks, wrapUp);
    const told = standingEffects(was, is, looked ? inferredMoment(wrapUp.nowMs, was.since) : seen);
    const since = told.length === 0 ? was.since : looked ? `${was.since}'` : seen.occasion;
    note(next, { ...is, since }, after);
    return [...ended, ...told];
  });
  return { standings: next, effects };
}

function endWrapUp(standings: Map<string, Standing>, standing: Standing, state: QueuesState, talks: ReadonlyMap<string, boolean>, wrapUp: WrapUp): DeskEffect[] {
  const ended = wrapUpEnded(standing, state, talks, wrapUp);
  if (!ended) return [];
  standings.set(standingKey(standing.queue, standing.agent), { ...ended.after, since: ended.moment.occasion });
  return standingEffects(standing, ended.after, ended.moment);
}

function note(standings: Map<string, Standing>, standing: Standing, { queues }: QueuesState): void {
  const key = standingKey(standing.queue, standing.agent);
  if (queues.get(standing.queue)?.members.has(standing.agent)) standings.set(key, standing);
  else standings.delete(key);
}

/** Whom an event may have changed: members that are not the same object any more, and the agents of calls that came or went, in each of
 *  their queues. */
function touchedAgents(before: QueuesState, after: QueuesState): Pick<Standing, 'queue' | 'agent'>[] {
  const engaged = before.calls === after.calls ? [] : [...changedCalls(before, after), ...changedCalls(after, before)];
  const touched = new Map<string, Pick<Standing, 'queue' | 'agent'>>();
  for (const [queue, { members }] of after.queues) {
    const was = before.queues.get(queue)?.members ?? new Map();
    const changed = was === members ? [] : [...new Set([...was.keys(), ...members.keys()])].filter((agent) => was.get(agent) !== members.get(agent));
    for (const agent of [...changed, ...engaged.filter((one) => members.has(one))]) touched.set(standingKey(queue, agent), { queue, agent });
  }
  return [...touched.values()];
}

function changedCalls(one: QueuesState, other: QueuesState): string[] {
  return [...one.calls].filter(([key, call]) => other.calls.get(key) !== call).map(([, { agent }]) => agent);
}
