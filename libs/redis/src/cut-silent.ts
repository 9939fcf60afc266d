import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

const PING_MS = 600;
/** Pings in a row without an answer. Counted, not timed: a process that was stopped for seconds finds the answers in its own socket. */
const UNANSWERED_PINGS = 2;

/** Cuts a connection whose other end has fallen silent without closing, within 1.2 to 1.8 s; the client then connects anew by itself.
 *  A command's time-out alone would leave the dead connection in place, for every command to wait out again. Ends with the client. */
export function cutSilent(redis: Redis, log: Logger): void {
  let unanswered = 0;
  redis.on('ready', () => (unanswered = 0));
  const timer = setInterval(() => {
    if (redis.status !== 'ready') return;
    if (unanswered >= UNANSWERED_PINGS) {
      log.warn({ redis: redis.options.connectionName }, 'Redis is silent, its connection is cut');
      redis.stream.destroy(new Error('silent'));
      return;
    }
    unanswered += 1;
    redis.ping().then(() => (unanswered = 0), () => undefined);
  }, PING_MS).unref();
  redis.once('end', () => clearInterval(timer));
}
