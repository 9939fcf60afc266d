import { readdirSync, readFileSync } from 'node:fs';
import { parseAriEvent } from '@discador/asterisk/ari/ari-event';
import { CallBook } from '@discador/domain/calls/call-book';
import { type Found, findPlaces, type Place } from './places.ts';

const FIXTURES = new URL('../../../libs/domain/src/calls/fixtures/', import.meta.url);
const SUFFIX = '.ari.jsonl';
/** Calls that are not the dialer's bear ids of the PBX, which cannot be told from other text. */
const FOREIGN = 'foreign-';
/** Each recording was taken under an application name of its own; the monitor's socket gets its own. */
const APPLICATION = /"application":"[^"]*"/;
const SETTLE_MS = 60_000;

/** What the bus is told when an event has come; the call as the recording names it. */
export interface ExpectedMessage {
  readonly type: string;
  readonly callId: string;
}

/** One event as the WebSocket carries it, with the places that differ from call to call. */
export interface Frame {
  readonly bytes: Buffer;
  readonly found: readonly Found[];
  /** after the call's first event */
  readonly offsetMs: number;
  readonly expected: readonly ExpectedMessage[];
}

/** A recorded call, ready to be played with other ids, numbers and times. */
export interface RecordedCall {
  readonly name: string;
  readonly frames: readonly Frame[];
  readonly places: readonly Place[];
}

/** The recordings of the dialer's own calls, each with the messages that our state machine makes of it.
 *  @param application  ARI application name that the events are to carry */
export function readRecordedCalls(application: string): RecordedCall[] {
  const files = readdirSync(FIXTURES).filter((file) => file.endsWith(SUFFIX) && !file.startsWith(FOREIGN));
  return files.sort().map((file) => {
    const lines = readFileSync(new URL(file, FIXTURES), 'utf8').split('\n').filter(Boolean);
    return recordedCall(file.slice(0, -SUFFIX.length), lines.map((line) => line.replace(APPLICATION, `"application":"${application}"`)));
  });
}

/** @param lines  the events of one call as JSON, in their order */
export function recordedCall(name: string, lines: readonly string[]): RecordedCall {
  const places: Place[] = [];
  const expected = messagesOf(lines);
  const began = timeOf(lines[0] ?? '');
  let offsetMs = 0;
  const frames = lines.map((line, index) => {
    offsetMs = Math.max(offsetMs, timeOf(line) - began); // Asterisk's threads may swap two events of one millisecond
    const header = frameHeader(line.length);
    const found = findPlaces(line, places).map(({ at, place }) => ({ at: at + header.length, place }));
    return { bytes: Buffer.concat([header, Buffer.from(line, 'latin1')]), found, offsetMs, expected: expected[index] ?? [] };
  });
  return { name, frames, places };
}

/** The types of a recording's messages in their order, by call. */
export function typesByCall(recorded: RecordedCall): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const { expected } of recorded.frames) {
    for (const { type, callId } of expected) types.set(callId, [...(types.get(callId) ?? []), type]);
  }
  return types;
}

function messagesOf(lines: readonly string[]): ExpectedMessage[][] {
  const book = new CallBook();
  const told = lines.map((line) => {
    const parsed = parseAriEvent(line);
    if (parsed.kind === 'malformed') throw new Error(`a recording holds a malformed event: ${parsed.reason}`);
    return parsed.kind === 'channel' ? book.apply(parsed.event, parsed.event.at) : [];
  });
  told.at(-1)?.push(...book.tick(timeOf(lines.at(-1) ?? '') + SETTLE_MS));
  return told.map((effects) => effects.map(({ type, call }) => ({ type: `call.${type}`, callId: call.callId })));
}

function timeOf(line: string): number {
  return Date.parse((JSON.parse(line) as { timestamp: string }).timestamp);
}

/** A WebSocket text frame from server to client is not masked: its header depends on the length alone. */
function frameHeader(length: number): Buffer {
  if (length > 0xffff) throw new Error('a recording holds an event of more than 64 kB');
  return length < 126 ? Buffer.from([0x81, length]) : Buffer.from([0x81, 126, length >> 8, length & 0xff]);
}
