import type { CallEvent } from '@discador/contracts/events/call-events';
import { LineSplitter, type PhysicalLine } from '@discador/import/lines/split-lines';
import { Replay } from './replay.ts';

/** No message of a PBX comes near it. */
const MAX_LINE_BYTES = 4 << 20;
const TOLD = 100;

/** What a replay has read and made of it, kept up while it goes. */
export class ReplayTally {
  messages = 0;
  malformed = 0;
  events = 0;
  /** calls that were still going on when the recording ended */
  unended = 0;

  toString(): string {
    const { messages, malformed, events, unended } = this;
    return `${messages} messages, ${events} events${malformed > 0 ? `, ${malformed} malformed lines` : ''}${unended > 0 ? `, ${unended} calls without an end` : ''}`;
  }
}

/** Replays a recording of any length: one ARI message per line, blank lines left out.
 *  @param tell  is told of malformed lines, of the first hundred with their number; they are passed by
 *  @returns the events in order, those of one piece of the input at a time */
export async function* replayRecording(input: AsyncIterable<Buffer>, pbx: string, tally: ReplayTally, tell: (text: string) => void): AsyncGenerator<CallEvent[]> {
  const splitter = new LineSplitter(MAX_LINE_BYTES);
  const replay = new Replay(pbx);
  const complain = (line: number, reason: string): void => {
    tally.malformed += 1;
    if (tally.malformed <= TOLD) tell(`line ${line}: ${reason}`);
  };
  const take = ({ line, bytes, tooLong }: PhysicalLine): CallEvent[] => {
    const text = tooLong ? '' : bytes.toString('utf8').trim();
    if (text === '' && !tooLong) return [];
    tally.messages += 1;
    const taken = tooLong ? { malformed: `longer than ${MAX_LINE_BYTES} bytes` } : replay.take(text);
    if (Array.isArray(taken)) return taken;
    complain(line, taken.malformed);
    return [];
  };
  const count = (events: CallEvent[]): CallEvent[] => {
    tally.events += events.length;
    return events;
  };
  for await (const chunk of input) yield count([...splitter.push(chunk)].flatMap(take));
  yield count([...splitter.end()].flatMap(take));
  yield count(replay.end());
  tally.unended = replay.active;
  if (tally.malformed > TOLD) tell(`and ${tally.malformed - TOLD} more malformed lines`);
}
