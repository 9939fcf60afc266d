import type { Foresight } from './world/world.ts';

/** What a controller is told, as it happens; calls and agents are small numbers that are used again once they are gone. Times are seconds. */
export interface PoolEvents {
  /** `n` calls were ordered and will be dialled later; without it a call is dialled at once */
  order(at: number, n: number): void;
  dial(at: number, call: number): void;
  /** ringing is over; an answered call waits for an agent until `connect` or `abandon` */
  ringEnd(at: number, call: number, answered: boolean): void;
  connect(at: number, call: number, agent: number): void;
  abandon(at: number, call: number): void;
  talkEnd(at: number, call: number, agent: number): void;
  /** the agent is idle again */
  wrapEnd(at: number, agent: number): void;
  agentIn(at: number, agent: number): void;
  /** the agent stays until the talk and wrap-up under way are over */
  agentLeaving(at: number, agent: number): void;
  agentOut(at: number, agent: number): void;
}

/** Their names, to follow all of them alike. */
export const POOL_EVENTS = ['order', 'dial', 'ringEnd', 'connect', 'abandon', 'talkEnd', 'wrapEnd', 'agentIn', 'agentLeaving', 'agentOut'] as const satisfies readonly (keyof PoolEvents)[];

/** Decides how many calls to start, from events alone. */
export interface Controller {
  /** seconds between two questions */
  readonly tickSec: number;
  readonly events: PoolEvents;
  callsToStart(now: number): number;
}

/** A new controller for one run. @param agents  that can be there at once */
export type MakeController = (agents: number, foresight: Foresight) => Controller;
