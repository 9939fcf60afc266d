import type { Redis } from 'ioredis';
import Redlock from 'redlock';

type Done = (error: Error | null, result: unknown) => void;

/** What redlock 4 calls on a client; its types know only half of it. */
const asRedlockClient = (client: Redis) => ({
  evalsha: (sha: string, args: unknown[], done: Done) => answer(client.call('EVALSHA', sha, ...args.map(String)), done),
  eval: (args: unknown[], done?: Done) => answer(client.call('EVAL', ...args.map(String) as [string]), done),
});

/** `void`: redlock's callbacks return promises of their own, whose failures it has dealt with. */
function answer(reply: Promise<unknown>, done: Done | undefined): void {
  reply.then(
    (result) => void done?.(null, result),
    (error: Error) => void done?.(error, null),
  );
}

/** The redlock algorithm over one client per independent Redis master; a lock that is taken is a refusal at once, not a wait. */
export function createRedlock(clients: Redis[]): Redlock {
  const redlock = new Redlock(clients.map(asRedlockClient), { retryCount: 0, driftFactor: 0.01 });
  redlock.on('clientError', () => undefined); // the connection reports itself
  return redlock;
}
