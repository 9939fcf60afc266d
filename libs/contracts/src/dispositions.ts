/** How an attempt can end: a closed list. `not_placed` is no call; `in_doubt` counts as one and is never tried again. */
export const DISPOSITIONS = [
  'answered',
  'abandoned',
  'busy',
  'no_answer',
  'congestion',
  'invalid_number',
  'rejected',
  'failed',
  'not_placed',
  'in_doubt',
] as const;

export type Disposition = (typeof DISPOSITIONS)[number];
