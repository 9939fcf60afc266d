import type { Disposition } from '@discador/contracts/dispositions';
import type { CallSummary } from './call-state.ts';

type Facts = Pick<CallSummary, 'answeredAt' | 'bridgedAt' | 'cause' | 'destination' | 'inferred'>;

const BY_CAUSE: Readonly<Record<number, Disposition>> = {
  1: 'invalid_number',
  17: 'busy',
  18: 'no_answer',
  19: 'no_answer',
  21: 'rejected',
  26: 'not_placed',
  28: 'invalid_number',
  34: 'congestion',
  42: 'congestion',
};

/** How a call ended, from its summary alone. An answered call for a queue that no agent got is abandoned; one whose end was not seen and
 *  that had not been answered is in doubt, because nobody knows whether it was answered later. */
export function classify({ answeredAt, bridgedAt, cause, destination, inferred }: Facts): Disposition {
  if (answeredAt !== null) {
    const lostInQueue = destination.startsWith('queue-') && bridgedAt === null && !inferred;
    return lostInQueue ? 'abandoned' : 'answered';
  }
  if (inferred) return 'in_doubt';
  return BY_CAUSE[cause] ?? 'failed';
}
