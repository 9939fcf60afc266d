import { parseEvent, type DiscadorEvent } from '@discador/contracts/events/catalogue';
import type { CallEndedEvent } from '@discador/contracts/events/call-events';
import type { DeskEvent } from '@discador/contracts/events/desk-events';
import { EXIT, StackError } from '../../stack/stack-error.ts';
import { agentTimes, type AgentTimes } from './agent-times.ts';

/** A longer one is no day of a campaign but a clock that was wrong. */
const LONGEST_RECORD_DAYS = 7;

/** A campaign as it was: what is needed to play it again. Times are seconds since its first event. Calls that were dialled before it are left out: of those
 *  the record has only the ends that came after. */
export interface CampaignRecord {
  seconds: number;
  /** of calls answered: from the dial to the answer, by when they were dialled */
  answered: DialledCall[];
  /** of the others: from the dial to the end */
  unanswered: DialledCall[];
  talksSec: number[];
  /** answered, waited for an agent, and nobody took the call */
  abandons: number;
  agents: AgentTimes;
  /** lines that are no event of ours */
  unreadable: number;
}

export interface DialledCall {
  at: number;
  sec: number;
}

/** @param lines  CloudEvents, as `discador events tail --json` prints them
 *  @param campaignId  calls of this campaign only
 *  @throws StackError when no call or no agent is in it, or more than seven days */
export async function readRecord(lines: AsyncIterable<string> | Iterable<string>, campaignId?: string): Promise<CampaignRecord> {
  const { events, unreadable, fromMs, toMs } = await parseLines(lines);
  const isOurs = ({ campaignid, data }: CallEndedEvent): boolean => campaignid !== undefined && (campaignId === undefined || campaignid === campaignId) && data.disposition !== 'not_placed';
  const ended = events.filter((event): event is CallEndedEvent => event.type === 'call.ended').filter(isOurs).filter(({ data }) => Date.parse(data.startedAt) >= fromMs);
  const desk = events.filter((event): event is DeskEvent => event.type !== 'call.ended');
  if (ended.length === 0) throw new StackError('No finished call of a campaign is in the record', EXIT.usage);
  const seconds = (toMs - fromMs) / 1000;
  if (seconds > LONGEST_RECORD_DAYS * 86_400) throw new StackError(`The record goes from ${day(fromMs)} to ${day(toMs)}: at most ${LONGEST_RECORD_DAYS} days can be played`, EXIT.usage);
  const agents = agentTimes(desk, ({ time }) => (Date.parse(time) - fromMs) / 1000, seconds);
  if (agents.agents === 0) throw new StackError('No agent is in the record: record agent events too', EXIT.usage);
  return { seconds, ...callsOf(ended, fromMs), agents, unreadable };
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function callsOf(ended: readonly CallEndedEvent[], startMs: number): Pick<CampaignRecord, 'answered' | 'unanswered' | 'talksSec' | 'abandons'> {
  const calls: Pick<CampaignRecord, 'answered' | 'unanswered' | 'talksSec' | 'abandons'> = { answered: [], unanswered: [], talksSec: [], abandons: 0 };
  for (const { data } of ended) {
    const dialledMs = Date.parse(data.startedAt);
    const at = (dialledMs - startMs) / 1000;
    const since = (from: number, to: string): number => (Date.parse(to) - from) / 1000;
    if (data.answeredAt === undefined) calls.unanswered.push({ at, sec: since(dialledMs, data.endedAt) });
    else calls.answered.push({ at, sec: since(dialledMs, data.answeredAt) });
    if (data.bridgedAt !== undefined) calls.talksSec.push(since(Date.parse(data.bridgedAt), data.endedAt));
    if (data.disposition === 'abandoned') calls.abandons++;
  }
  return calls;
}

type Needed = CallEndedEvent | DeskEvent;

/** Those that tell of ends of calls and of agents, in order of time, each once: a recording that was interrupted may have repeats.
 *  @returns also when the first and the last event of any kind was */
async function parseLines(lines: AsyncIterable<string> | Iterable<string>): Promise<{ events: Needed[]; unreadable: number; fromMs: number; toMs: number }> {
  const events = new Map<string, Needed>();
  const result = { unreadable: 0, fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const event = parseLine(line);
    if (!event) {
      result.unreadable++;
      continue;
    }
    const at = Date.parse(event.time);
    result.fromMs = Math.min(result.fromMs, at);
    result.toMs = Math.max(result.toMs, at);
    if (isNeeded(event)) events.set(event.id, event);
  }
  return { ...result, events: [...events.values()].sort((one, other) => Date.parse(one.time) - Date.parse(other.time)) };
}

const isNeeded = (event: DiscadorEvent): event is Needed => event.type === 'call.ended' || event.type.startsWith('agent.');

function parseLine(line: string): DiscadorEvent | undefined {
  try {
    return parseEvent(JSON.parse(line));
  } catch {
    return undefined;
  }
}
