const controller = new AbortController();

/** Comes when we were told to end: what runs is killed, nothing more begins, and what was brought up is taken down. */
export const leaving: AbortSignal = controller.signal;

/** From now on SIGINT and the like do not end the process by themselves. */
export function leaveOnSignals(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
}
