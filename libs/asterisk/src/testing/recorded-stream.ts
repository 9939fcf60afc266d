import { readFileSync, readdirSync } from 'node:fs';
import type { ChannelEvent } from '@discador/domain/calls/channel-event';
import { parseAriEvent } from '../ari/ari-event.ts';

const FIXTURES = new URL('../../../domain/src/calls/fixtures/', import.meta.url);
const SUFFIX = '.ari.jsonl';

/** Names of the recorded event streams; those of calls that the dialer did not place begin with `foreign-`. */
export function recordedStreams(): string[] {
  return readdirSync(FIXTURES).filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length)).sort();
}

/** The messages of a recorded stream, as the PBX sent them. */
export function recordedLines(name: string): string[] {
  return readFileSync(new URL(`${name}${SUFFIX}`, FIXTURES), 'utf8').split('\n').filter(Boolean);
}

/** What the state machine gets of messages; what is none for it is left out. */
export function channelEvents(lines: readonly string[]): ChannelEvent[] {
  return lines.map((line) => parseAriEvent(Buffer.from(line))).flatMap((parsed) => (parsed.kind === 'channel' ? [parsed.event] : []));
}
