import type { Logger } from 'pino';

/** Runs a piece of work again and again, `everyMs` after the start of the last run and never twice at once. A failure is told to `failed`
 *  and does not end it.
 *  @param againMs how soon it is tried again after a failure
 *  @returns a function that ends it and waits for the run under way */
export function repeat(everyMs: number, work: () => Promise<unknown>, failed: (error: unknown) => void, againMs = everyMs): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const run = (): void => {
    const began = performance.now();
    turn = work()
      .then(
        () => everyMs,
        (error: unknown) => {
          failed(error);
          return againMs;
        },
      )
      .then((ms) => {
        if (!stopped) timer = setTimeout(run, Math.max(0, began + ms - performance.now()));
      });
  };
  run();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await turn;
  };
}

/** For work that fails whenever its server is away, which the server's own state already tells. */
export function quietly(log: Logger, what: string): (error: unknown) => void {
  return (error) => log.debug({ err: error }, `${what} failed`);
}
