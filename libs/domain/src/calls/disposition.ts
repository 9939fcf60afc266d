import type { Disposition } from '@discador/contracts/dispositions';
import type { CallSummary } from './call-state.ts';

type Facts = Pick<CallSummary, 'answeredAt' | 'bridgedAt' | 'cause' | 'destination' | 'inferred'> & Partial<Pick<CallSummary, 'ringingAt' | 'waitedInQueue'>>;

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
export function classify(facts: Facts): Disposition {
  if (facts.waitedInQueue !== undefined) return classifyForeign(facts);
  const { answeredAt, bridgedAt, cause, destination, inferred } = facts;
  if (answeredAt !== null) {
    const lostInQueue = destination.startsWith('queue-') && bridgedAt === null && !inferred;
    return lostInQueue ? 'abandoned' : 'answered';
  }
  if (inferred) return 'in_doubt';
  return BY_CAUSE[cause] ?? 'failed';
}

/** A call that is not ours: who came to a queue and left it with nobody is abandoned, whether the PBX had answered or not; a caller who gave
 *  up while it rang was not answered. Nobody refuses it as our gate does. */
function classifyForeign({ answeredAt, ringingAt, cause, inferred, waitedInQueue }: Facts): Disposition {
  if (waitedInQueue && !inferred) return 'abandoned';
  if (answeredAt !== null) return 'answered';
  if (inferred) return 'in_doubt';
  const told = BY_CAUSE[cause];
  if (told !== undefined && told !== 'not_placed') return told;
  return typeof ringingAt === 'number' ? 'no_answer' : 'failed';
}
