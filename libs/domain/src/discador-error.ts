/** What can go wrong in a way that a caller handles; closed, so that a switch over it is checked. */
export type ErrorCode =
  | 'ami_down'
  | 'ami_overloaded'
  | 'ami_timeout'
  | 'ari_unavailable'
  | 'invalid_ami_value';

/** When trying the same again can help. */
export type Retry = 'now' | 'later' | 'never';

/** The one error of the product. Busy and no answer are values, not errors. */
export class DiscadorError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly details: Readonly<Record<string, unknown>>;

  /** @param details  what a log line needs to act on; never a secret */
  constructor(code: ErrorCode, message: string, retry: Retry, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DiscadorError';
    this.code = code;
    this.retry = retry;
    this.details = details;
  }
}
