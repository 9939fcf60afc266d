import type { Redis } from 'ioredis';
import Redlock from 'redlock';

/** The redlock algorithm over one client per independent Redis master; a lock that is taken is a refusal at once, not a wait. */
export function createRedlock(clients: Redis[]): Redlock {
  const redlock = new Redlock(
    clients.map((client) => ({
      eval: (args: unknown[], done?: (error: Error | null, result: unknown) => void) =>
        client.call('EVAL', args.map(String)).then(
          (result) => done?.(null, result),
          (error: Error) => done?.(error, null),
        ),
    })),
    { retryCount: 0, driftFactor: 0.01 },
  );
  redlock.on('clientError', () => undefined); // the connection reports itself
  return redlock;
}
