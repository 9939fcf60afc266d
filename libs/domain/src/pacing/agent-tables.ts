import type { Coins } from './shortfall.ts';
import type { AgentTables } from './types.ts';

/** What is learned of the agents: how likely one who has talked or wrapped up for some time ends it within the next second. Fades over four hours. */

const FADE_SEC = 14_400;
/** Left edges of the bins of talk time, seconds. */
const TALK_EDGES = [0, 3, 6, 10, 15, 20, 30, 45, 60, 80, 100, 130, 160, 200, 250, 320, 400, 520, 700];
const TALK_PRIOR = { ends: 4, sec: 600 };
/** Seconds of wrap-up told apart; what is longer is one bin. */
export const WRAP_BINS = 120;
const WRAP_PRIOR = { ends: 5 / 15, sec: 5 };

export function priorAgentTables(): AgentTables {
  return {
    talkSec: TALK_EDGES.map(() => TALK_PRIOR.sec),
    talkEnds: TALK_EDGES.map(() => TALK_PRIOR.ends),
    wrapSec: Array<number>(WRAP_BINS).fill(WRAP_PRIOR.sec),
    wrapEnds: Array<number>(WRAP_BINS).fill(WRAP_PRIOR.ends),
  };
}

/** Bin of each whole second of talk, looked up rather than searched. */
const BIN_OF_TALK = Array.from({ length: 701 }, (_, sec) => TALK_EDGES.findLastIndex((edge) => edge <= sec));
export const TALK_BINS = TALK_EDGES.length;
export const talkBin = (elapsedSec: number): number => BIN_OF_TALK[Math.min(700, Math.max(0, Math.floor(elapsedSec)))] ?? 0;
export const wrapBin = (elapsedSec: number): number => Math.min(WRAP_BINS - 1, Math.max(0, Math.floor(elapsedSec)));

/** How many agents talk, and wrap up, by bins of the time elapsed. */
export interface BusyAgents {
  readonly talking: readonly number[];
  readonly wrapping: readonly number[];
}

/** One second passes for these agents. */
export function seeBusy(tables: AgentTables, busy: BusyAgents): AgentTables {
  const fade = 1 - 1 / FADE_SEC;
  const faded = (bins: readonly number[]): number[] => bins.map((before) => before * fade);
  return {
    talkSec: tables.talkSec.map((before, bin) => before * fade + (busy.talking[bin] ?? 0)),
    talkEnds: faded(tables.talkEnds),
    wrapSec: tables.wrapSec.map((before, bin) => before * fade + (busy.wrapping[bin] ?? 0)),
    wrapEnds: faded(tables.wrapEnds),
  };
}

export function learnTalkEnd(tables: AgentTables, elapsedSec: number): AgentTables {
  return { ...tables, talkEnds: plusOne(tables.talkEnds, talkBin(elapsedSec)) };
}

export function learnWrapEnd(tables: AgentTables, elapsedSec: number): AgentTables {
  return { ...tables, wrapEnds: plusOne(tables.wrapEnds, wrapBin(elapsedSec)) };
}

const plusOne = (bins: readonly number[], bin: number): number[] => bins.with(bin, (bins[bin] ?? 0) + 1);

/** Chance that a wrap-up lasts longer than each whole second up to a last one; beyond the bins it goes on as the last of them does. */
function wrapSurvival({ wrapSec, wrapEnds }: AgentTables, upToSec: number): number[] {
  const survival = [1];
  let left = 1;
  for (let sec = 0; sec < upToSec; sec++) {
    const bin = Math.min(sec, WRAP_BINS - 1);
    left *= Math.exp(-hazard(wrapEnds[bin], wrapSec[bin]));
    survival.push(left);
  }
  return survival;
}

/** Agents who may come free within `sec`: how many with which chance. Who talks must end the talk and the wrap-up after it: of talks that end with the rate
 *  λ, λ · (seconds left for that) · e^(−λ · sec / 2), which is never more than 2 / e. */
export function freeWithin(tables: AgentTables, { talking, wrapping }: BusyAgents, sec: number): Coins[] {
  const survival = wrapSurvival(tables, wrapping.findLastIndex((agents) => agents > 0) + Math.ceil(sec) + 2);
  const wrapped = wrappedUpWithin(survival, sec);
  const coins: Coins[] = [];
  talking.forEach((agents, bin) => {
    if (agents === 0) return;
    const rate = hazard(tables.talkEnds[bin], tables.talkSec[bin]);
    coins.push([agents, rate * wrapped * Math.exp((-rate * sec) / 2)]);
  });
  wrapping.forEach((agents, bin) => {
    if (agents > 0) coins.push([agents, 1 - between(survival, bin + 0.5 + sec) / between(survival, bin + 0.5)]);
  });
  return coins;
}

/** Seconds, of the next `sec`, that a talk's end may fall into so that the wrap-up is over as well: the integral of the chance that it is. */
function wrappedUpWithin(survival: readonly number[], sec: number): number {
  const whole = Math.floor(sec);
  const rest = sec - whole;
  let wrapped = rest * (1 - between(survival, whole + rest / 2));
  for (let at = 0; at < whole; at++) wrapped += 1 - between(survival, at + 0.5);
  return wrapped;
}

const hazard = (ends = 0, sec = 0): number => (sec > 1e-9 ? ends / sec : 0);

/** A value between two whole seconds. */
function between(values: readonly number[], at: number): number {
  const before = Math.floor(at);
  const first = values[before] ?? 0;
  return first + (at - before) * ((values[before + 1] ?? first) - first);
}
