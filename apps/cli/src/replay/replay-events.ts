import { pipeline } from 'node:stream/promises';
import type { CallEvent } from '@discador/contracts/events/call-events';
import { toShape, type LegacyShape } from '@discador/contracts/legacy/legacy-call';
import { toLegacyCall } from '@discador/domain/calls/to-legacy-call';
import { EXIT, type CommandIo } from '../command-io.ts';
import { replayRecording, ReplayTally } from './replay-recording.ts';

export interface ReplayOptions {
  pbx: string;
  /** shapes of the old format to print instead of the events; none: the events */
  legacy: readonly LegacyShape[];
  /** malformed lines are a failure */
  strict?: boolean;
}

/** `discador events replay`: a recording in, its events out, a line of JSON each.
 *  @returns the exit code */
export async function replayEvents({ pbx, legacy, strict }: ReplayOptions, io: CommandIo): Promise<number> {
  const tally = new ReplayTally();
  const print = (event: CallEvent): object[] => {
    if (legacy.length === 0) return [event];
    const old = toLegacyCall(event);
    return old ? legacy.map((shape) => toShape(old, shape)) : [];
  };
  async function* lines(): AsyncGenerator<string> {
    for await (const events of replayRecording(io.stdin, pbx, tally, io.tell)) {
      const text = events.flatMap(print).map((message) => `${JSON.stringify(message)}\n`).join('');
      if (text !== '') yield text;
    }
  }
  await pipeline(lines, io.stdout, { end: false });
  io.tell(String(tally));
  return strict && tally.malformed > 0 ? EXIT.failed : EXIT.ok;
}
