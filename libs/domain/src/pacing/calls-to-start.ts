import type { Decision, PacingState } from './types.ts';

export function callsToStart(state: PacingState, _now: number): Decision {
  return { n: 0, byCampaign: {}, state, reason: 'none: not there yet' };
}
