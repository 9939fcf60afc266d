/** Every way in which our own code refuses or fails: a closed list. */
export type ErrorCode =
  | 'configuration'
  | 'invalid_ami_value'
  | 'ami_down'
  | 'ami_timeout'
  | 'ami_overloaded'
  | 'ari_down'
  | 'bus_down'
  | 'bus_full'
  | 'bus_rejected'
  | 'database_down'
  | 'lease_lost'
  | 'redis_down'
  | 'not_found'
  | 'conflict'
  | 'invalid_input'
  | 'timeout';

export type Retry = 'now' | 'later' | 'never';

/** The one error of the product. Callers branch on `code`; consumers on `retry`. Never put secrets or phone numbers in it. */
export class DiscadorError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: { retry?: Retry; details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DiscadorError';
    this.code = code;
    this.retry = options.retry ?? 'never';
    this.details = options.details ?? {};
  }
}
