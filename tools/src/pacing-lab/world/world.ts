/** What the controllers meet: people who answer or not, agents who talk and who come and go. Drawn call by call, each kind of draw from a
 *  stream of its own: the nth call dialled rings as long under one controller as under another, and so does the nth talk last. */
export interface World {
  /** agents that can be there at once; they are numbered 0 … */
  agents: number;
  /** who comes and goes when, in order of time */
  roster: readonly RosterChange[];
  calls: CallModel;
}

export interface RosterChange {
  /** seconds from the start */
  at: number;
  agent: number;
  /** false: leaves at once, or after the talk and wrap-up under way */
  present: boolean;
  /** seconds after which the agent is back, counted from the actual leaving; stays away when missing */
  awaySec?: number;
}

export interface CallModel {
  /** Draws the next call dialled.
   *  @returns seconds until the answer; negative: seconds, negated, until it ends without one */
  ringSec(at: number): number;
  /** Draws the next talk, and the wrap-up after it. @returns seconds of talk */
  talkSec(at: number): number;
  /** Seconds of wrap-up after the talk drawn last. */
  wrapUpSec(): number;
}

/** What the controllers may know of it beside events: nothing. Only the reference that sees the future asks. */
export interface Foresight {
  /** Agents who are busy and do not leave, by the whole seconds until they are idle again: 0 … `withinSec` − 1. */
  freeing(now: number, withinSec: number): number[];
  /** Share of the calls dialled at a moment that will be answered. */
  answerRate(at: number): number;
}
