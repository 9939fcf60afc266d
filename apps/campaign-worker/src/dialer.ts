import { DiscadorError } from '@discador/contracts/discador-error';
import type { Disposition } from '@discador/contracts/dispositions';
import type { ClaimedAttempt } from '@discador/postgres/sql/claim-contacts';
import type { TakenSlice } from '@discador/postgres/sql/take-slice';
import type { Outcome } from '@discador/postgres/sql/record-outcomes';
import type { Logger } from 'pino';
import type { WorkerMetrics } from './metrics.ts';
import type { OutcomeDesk } from './outcome-desk.ts';
import type { PbxLink } from './pbx-link.ts';

export interface DialerOptions {
  desk: OutcomeDesk;
  log: Logger;
  metrics: WorkerMetrics;
}

/** Sends claimed attempts to the PBX at once. What certainly never became a call is put back; what may have is left to the PBX's events and the sweeper. */
export class Dialer {
  readonly #options: DialerOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /** Starts the calls and returns; answers are awaited in the background. */
  dial(link: PbxLink, slice: TakenSlice, dialBy: number, attempts: ClaimedAttempt[]): void {
    if (attempts.length === 0) return;
    const answers = Promise.all(attempts.map((attempt) => this.#one(link, slice, dialBy, attempt)));
    const run = answers
      .then((outcomes) => this.#options.desk.record(outcomes.filter((outcome) => outcome !== null), 'worker'))
      .catch((error: unknown) => this.#options.log.warn({ err: error, sliceId: slice.slice_id }, 'refused originates could not be stored; the sweeper will'))
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Waits for the answers still out. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  /** @returns how the attempt ended, when it never left us; null otherwise */
  async #one(link: PbxLink, slice: TakenSlice, dialBy: number, attempt: ClaimedAttempt): Promise<Outcome | null> {
    const { metrics, log } = this.#options;
    try {
      const result = await link.originator.originate({
        attemptId: attempt.attempt_id,
        campaignId: slice.campaign_id,
        number: attempt.phone.replace(/^\+/, ''),
        destination: slice.queue ? `queue-${slice.queue}` : 'hold',
        ringTimeoutSec: slice.ring_timeout_sec,
        dialBy,
        ...(slice.caller_id ? { callerId: slice.caller_id } : {}),
      });
      if (result.queued) {
        metrics.originates.inc({ result: 'queued' });
        return null;
      }
      metrics.originates.inc({ result: result.inDoubt ? 'unknown' : 'refused' });
      log.warn({ attemptId: attempt.attempt_id, reason: result.reason, inDoubt: result.inDoubt }, 'originate was not queued');
      return result.inDoubt ? null : neverPlaced(attempt, 'not_placed');
    } catch (error) {
      if (!(error instanceof DiscadorError) || error.code !== 'invalid_ami_value') throw error;
      metrics.originates.inc({ result: 'invalid' });
      log.error({ attemptId: attempt.attempt_id, field: error.details['field'] }, 'a stored value must not reach the PBX');
      return neverPlaced(attempt, 'invalid_number');
    }
  }
}

function neverPlaced(attempt: ClaimedAttempt, disposition: Disposition): Outcome {
  return { attemptId: attempt.attempt_id, disposition, cause: null, endedAt: new Date().toISOString(), inferred: false };
}
