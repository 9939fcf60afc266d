import type { Disposition } from '@discador/contracts/dispositions';

/** What the rule must know of a contact whose attempt has just ended. */
export interface AttemptedContact {
  /** attempts made, this one included */
  attempts: number;
  maxAttempts: number;
  phones: number;
  /** 1-based position of the phone that was dialled */
  dialledPhone: number;
  retryDelaySec: number;
}

export interface NextStep {
  status: 'completed' | 'retry' | 'failed';
  /** attempts to count: a call that was never placed is none */
  attempts: number;
  /** 1-based */
  nextPhone: number;
  /** seconds from now until due; null when final */
  dueInSec: number | null;
}

/** Seconds after which a contact whose call never left us is due again: a PBX that refuses everything must not be asked in a tight loop. */
const NOT_PLACED_DELAY_SEC = 5;

/** Retry or final: the first, simple rule.
 *  Answered is final. Never placed: the same phone again soon, uncounted. In doubt is final: we never dial again to find out.
 *  Everything else is retried after the campaign's delay, on the next phone in turn, until the attempts are used up;
 *  a contact whose only phone does not exist is not tried again. */
export function afterAttempt(disposition: Disposition, contact: AttemptedContact): NextStep {
  const { attempts, dialledPhone } = contact;
  const final = (status: 'completed' | 'failed'): NextStep => ({ status, attempts, nextPhone: dialledPhone, dueInSec: null });
  if (disposition === 'answered') return final('completed');
  if (disposition === 'not_placed') {
    return { status: 'retry', attempts: attempts - 1, nextPhone: dialledPhone, dueInSec: NOT_PLACED_DELAY_SEC };
  }
  if (disposition === 'in_doubt' || attempts >= contact.maxAttempts) return final('failed');
  if (disposition === 'invalid_number' && contact.phones === 1) return final('failed');
  return { status: 'retry', attempts, nextPhone: (dialledPhone % contact.phones) + 1, dueInSec: contact.retryDelaySec };
}
