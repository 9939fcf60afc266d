import { setTimeout as sleep } from 'node:timers/promises';
import type { CallPlayer } from './call-player.ts';

/** Where frames go: the PBX's end of the event stream. */
export interface Wire {
  write(chunk: Buffer): void;
  /** bytes written and not yet taken by the kernel */
  readonly waiting: number;
}

export interface Pace {
  /** events a second; null: as fast as `room` lets */
  rate: number | null;
  seconds: number;
  /** whether more may be sent now, at full speed */
  room(): boolean;
}

export interface Played {
  events: number;
  bytes: number;
  /** messages that the bus is to get for them */
  messages: number;
}

const CHUNK_BYTES = 128 * 1024;
/** No frame of the recordings comes near it. */
const LARGEST_FRAME = 8 * 1024;
/** Asterisk cuts a reader off that lets about this much wait. */
const MOST_WAITING = 4 * 1024 * 1024;
const TICK_MS = 1;

/** Plays calls for some seconds, and those going on then to their ends. `played` is what has gone so far. */
export async function playTo(wire: Wire, player: CallPlayer, { rate, seconds, room }: Pace, played: Played): Promise<void> {
  const began = performance.now();
  for (let goesOn = true; goesOn; ) {
    const elapsed = performance.now() - began;
    if (elapsed >= seconds * 1_000) player.finish();
    const due = rate === null ? Number.POSITIVE_INFINITY : Math.floor((rate * elapsed) / 1_000) - played.events;
    const mayWrite = wire.waiting < MOST_WAITING && (rate !== null || room());
    if (mayWrite && due > 0) goesOn = writeSome(wire, player, due, played);
    // At full speed as soon as the socket has had its turn: a millisecond is long.
    if (rate === null && mayWrite) await new Promise((resolve) => setImmediate(resolve));
    else await sleep(TICK_MS);
  }
}

/** @returns false when all calls have ended */
function writeSome(wire: Wire, player: CallPlayer, most: number, played: Played): boolean {
  const stamp = stampOf(Date.now());
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let used = 0;
  let goesOn = true;
  for (let i = 0; i < most && used < CHUNK_BYTES - LARGEST_FRAME; i += 1) {
    const frame = player.play(chunk, used, stamp);
    if (!frame) {
      goesOn = false;
      break;
    }
    used += frame.bytes.length;
    played.events += 1;
    played.messages += frame.expected.length;
  }
  played.bytes += used;
  if (used > 0) wire.write(chunk.subarray(0, used));
  return goesOn;
}

/** @returns as Asterisk writes a time: `2026-11-20T23:42:50.976+0000` */
function stampOf(now: number): Buffer {
  return Buffer.from(`${new Date(now).toISOString().slice(0, -1)}+0000`, 'latin1');
}
