import type { Logger } from 'pino';

/** The first SIGTERM or SIGINT. Later ones change nothing: the end is under way. */
export function endSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, resolve);
  });
}

export interface ProcessEnd {
  log: Logger;
  graceSec: number;
  signalled: Promise<NodeJS.Signals>;
  /** @returns whether nothing was lost */
  end(): Promise<boolean>;
}

/** Ends the process on the signal: with 0 when nothing was lost, with 1 when something was, when `end` fails, or when it takes longer than
 *  the grace period. */
export function endProcess({ log, graceSec, signalled, end }: ProcessEnd): void {
  process.on('unhandledRejection', (reason) => {
    log.fatal({ err: reason }, 'unhandled rejection');
    process.exit(1);
  });
  void signalled.then(async (signal) => {
    log.info({ signal }, 'stopping');
    // It keeps the process alive: with nothing else left to wait for, Node would end it with 0 in the middle of the work.
    setTimeout(() => {
      log.error({ graceSec }, 'did not stop within the grace period');
      process.exit(1);
    }, graceSec * 1000);
    try {
      const kept = await end();
      log.info('stopped');
      process.exit(kept ? 0 : 1);
    } catch (error) {
      log.error({ err: error }, 'stopping failed');
      process.exit(1);
    }
  });
}
