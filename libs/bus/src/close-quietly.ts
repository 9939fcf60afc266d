import type { Channel, ChannelModel } from 'amqplib';
import type { Duplex } from 'node:stream';

const WITHIN_MS = 2000;

/** Closes a channel or a connection, whatever state it is in. Never throws, and never waits long: amqplib's own promise stays
 *  open for ever when the socket goes before the broker has answered. */
export async function closeQuietly(open: Channel | ChannelModel): Promise<void> {
  const gone = new Promise<void>((resolve) => open.once('close', () => resolve()));
  await atMost(WITHIN_MS, Promise.race([gone, open.close().catch(() => undefined)]));
}

/** Frees the socket of a connection that has closed. amqplib only ends its own side, and a half-open socket waits for the other's for ever. */
export function endSocket(model: ChannelModel): void {
  const { stream } = (model as unknown as { connection?: { stream?: Duplex } }).connection ?? {};
  if (stream && !stream.destroyed) setTimeout(() => stream.destroy(), WITHIN_MS).unref();
}

/** Waits for `work` to settle, at most `ms`; what it says does not matter. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([work.catch(() => undefined), late.promise]);
  clearTimeout(timer);
}
