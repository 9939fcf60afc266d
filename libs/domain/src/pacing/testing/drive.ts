import { apply, createState, type PacingConfig, type PacingEvent, type PacingState } from '../index.ts';

/** Makes everything in it read-only, so that whoever changes what it was given fails. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** The state after the events, from a fresh one or a given one; each step frozen. */
export function after(start: PacingConfig | PacingState, events: readonly PacingEvent[]): PacingState {
  const state = 'version' in start ? start : createState(start);
  return events.reduce((before, event) => apply(frozen(before), frozen(event)), state);
}

export const agentsIn = (agents: number, at = 0): PacingEvent[] => Array.from({ length: agents }, (_, index) => ({ type: 'agentIn', at, agentId: `a${index + 1}` }));

export const dials = (calls: number, at: number, { from = 1, campaignId }: { from?: number; campaignId?: string } = {}): PacingEvent[] =>
  Array.from({ length: calls }, (_, index) => ({ type: 'dial', at, callId: `c${from + index}`, campaignId }));

/** So many idle agents, and calls that begin to ring. */
export const idle = (config: PacingConfig, agents: number, calls = 0): PacingState => after(config, [...agentsIn(agents), ...dials(calls, 0)]);

/** `rounds` calls, one after the other, of which each is answered after ten seconds and then talked for a minute by the agent a1, wrapped up for ten. */
export function answeredRounds(rounds: number, at = 0): PacingEvent[] {
  return Array.from({ length: rounds }, (_, round): PacingEvent[] => {
    const start = at + round * 80;
    const callId = `round-${round}`;
    return [
      { type: 'dial', at: start, callId },
      { type: 'ringEnd', at: start + 10, callId, answered: true },
      { type: 'connect', at: start + 10, callId, agentId: 'a1' },
      { type: 'talkEnd', at: start + 70, callId, agentId: 'a1' },
      { type: 'wrapEnd', at: start + 80, agentId: 'a1' },
    ];
  }).flat();
}
