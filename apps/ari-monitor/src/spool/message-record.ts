import { z } from 'zod';
import type { OutboxMessage } from '../outbox.ts';

const head = z.looseObject({
  exchange: z.string(),
  routingKey: z.string(),
  messageId: z.string(),
  important: z.boolean(),
  receivedAt: z.number(),
});

/** A message as the spool keeps it: length of the head, all fields but the content as JSON, the content. */
export function encodeMessage({ content, ...fields }: OutboxMessage): Buffer[] {
  const json = Buffer.from(JSON.stringify(fields));
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(json.length);
  return [length, json, content];
}

/** @returns null for what another version has written and this one cannot read */
export function decodeMessage(payload: Buffer): OutboxMessage | null {
  try {
    const end = 4 + payload.readUInt32LE();
    return { ...head.parse(JSON.parse(payload.toString('utf8', 4, end))), content: payload.subarray(end) };
  } catch {
    return null;
  }
}
