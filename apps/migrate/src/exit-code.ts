import { DiscadorError } from '@discador/contracts/discador-error';

/** The contract's exit codes. */
export const EXIT = { failed: 1, away: 69, config: 78 };
/** Of the network; and of a PostgreSQL that starts, stops, or has no room for a connection. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|57P0[1-3]|53300)$/;

/** A database that is away is tried again, a migration that fails is looked at. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof DiscadorError && error.code === 'configuration') return EXIT.config;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && AWAY.test(code) ? EXIT.away : EXIT.failed;
}
