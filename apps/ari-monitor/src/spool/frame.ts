import { crc32 } from 'node:zlib';

/** One record as it lies on disk: mark, length, number, CRC-32 of length, number and payload; then the payload. */
export interface Frame {
  /** grows by one from record to record */
  readonly seq: number;
  /** a view of the bytes it was read from */
  readonly payload: Buffer;
}

const MARK = Buffer.from([0xd1, 0x5c, 0xad, 0x01]);
const LENGTH_AT = 4;
const SEQ_AT = 8;
const CRC_AT = 16;
export const FRAME_HEADER_BYTES = 20;

/** @param parts  the payload, in pieces */
export function encodeFrame(seq: number, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
  MARK.copy(frame);
  frame.writeUInt32LE(length, LENGTH_AT);
  frame.writeDoubleLE(seq, SEQ_AT);
  let at = FRAME_HEADER_BYTES;
  for (const part of parts) at += part.copy(frame, at);
  frame.writeUInt32LE(checksum(frame), CRC_AT);
  return frame;
}

/** Finds the whole records in what was read, passing over what is torn or damaged: a damaged length must not hide the records behind it,
 *  so that each of their marks is tried.
 *  @returns the records, each with the offset behind it */
export function* framesIn(bytes: Buffer): Generator<Frame & { end: number }> {
  let at = 0;
  while ((at = bytes.indexOf(MARK, at)) >= 0) {
    const frame = frameAt(bytes, at);
    if (frame) yield frame;
    at = frame ? frame.end : at + 1;
  }
}

function frameAt(bytes: Buffer, at: number): (Frame & { end: number }) | null {
  const start = at + FRAME_HEADER_BYTES;
  if (start > bytes.length) return null;
  const end = start + bytes.readUInt32LE(at + LENGTH_AT);
  if (end > bytes.length) return null;
  const frame = bytes.subarray(at, end);
  if (checksum(frame) !== frame.readUInt32LE(CRC_AT)) return null;
  return { seq: frame.readDoubleLE(SEQ_AT), payload: frame.subarray(FRAME_HEADER_BYTES), end };
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(FRAME_HEADER_BYTES), crc32(frame.subarray(LENGTH_AT, CRC_AT)));
}
