import type { PacingEvent, PacingState } from './types.ts';

export function apply(state: PacingState, _event: PacingEvent): PacingState {
  return state;
}
