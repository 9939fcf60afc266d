import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiscadorError } from '@discador/contracts/discador-error';
import type { CallEvent } from '@discador/contracts/events/call-events';
import { EXIT, type CommandIo } from '../command-io.ts';
import { replayRecording, ReplayTally } from '../replay/replay-recording.ts';
import { formatLegacy, holdAgainstEvent } from './correspondence.ts';
import { describe, type Difference } from './difference.ts';
import { GoldenMessages } from './golden-messages.ts';

export interface CompareOptions {
  pbx: string;
  golden?: string;
  goldenDir?: string;
  json?: boolean;
}

/** Differences that are told; all are counted. */
const TOLD = 1_000;

/** `discador events compare`: a recording through the current and the legacy formatter, and what they say against each other and against
 *  golden files.
 *  @returns the exit code: 1 when something differs
 *  @throws DiscadorError `invalid_input` when a golden file cannot be read */
export async function compareEvents({ pbx, json, ...files }: CompareOptions, io: CommandIo): Promise<number> {
  const golden = readGolden(files);
  const tally = new ReplayTally();
  const told: Difference[] = [];
  let differences = 0;
  let legacyMessages = 0;
  const note = (found: readonly Difference[]): void => {
    differences += found.length;
    told.push(...found.slice(0, TOLD - told.length));
  };
  const check = (event: CallEvent): void => {
    const messages = formatLegacy(event);
    legacyMessages += messages.size;
    note(holdAgainstEvent(event, messages));
    if (golden) note(golden.compare(event.subject, messages));
  };
  for await (const events of replayRecording(io.stdin, pbx, tally, io.tell)) events.forEach(check);
  if (golden) note(golden.end());
  const { messages, malformed, events } = tally;
  const result = { ok: differences === 0, messages, malformed, events, legacyMessages, differences, told };
  const report = [...told.map(describe), ...(differences > told.length ? [`… and ${differences - told.length} more`] : []), `${tally}, ${legacyMessages} legacy messages, ${differences} differences`];
  io.stdout.write(json ? `${JSON.stringify(result)}\n` : `${report.join('\n')}\n`);
  return result.ok ? EXIT.ok : EXIT.failed;
}

function readGolden({ golden, goldenDir }: Pick<CompareOptions, 'golden' | 'goldenDir'>): GoldenMessages | null {
  if (golden === undefined && goldenDir === undefined) return null;
  const messages = new GoldenMessages();
  for (const file of golden === undefined ? filesIn(String(goldenDir)) : [golden]) messages.add(reading(file, () => readFileSync(file, 'utf8')), file);
  return messages;
}

function filesIn(folder: string): string[] {
  const names = reading(folder, () => readdirSync(folder)).filter((name) => /\.(jsonl|ndjson)$/.test(name));
  if (names.length === 0) throw new DiscadorError('invalid_input', `${folder} holds no *.jsonl or *.ndjson file`);
  return names.sort().map((name) => join(folder, name));
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new DiscadorError('invalid_input', `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
