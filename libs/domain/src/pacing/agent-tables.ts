import type { AgentTables } from './types.ts';

/** What is learned of the agents: how likely one who has talked or wrapped up for some time ends it within the next second. Fades over two hours. */

const FADE_SEC = 7200;
/** Left edges of the bins of talk time, seconds. */
const TALK_EDGES = [0, 3, 6, 10, 15, 20, 30, 45, 60, 80, 100, 130, 160, 200, 250, 320, 400, 520, 700];
const TALK_PRIOR = { ends: 4, sec: 600 };
/** Seconds of wrap-up told apart; what is longer is one bin. */
const WRAP_BINS = 120;
const WRAP_PRIOR = { ends: 5 / 15, sec: 5 };
/** An agent is free, at the latest, when talk and wrap-up both end within the horizon: the wrap-up's half is all that is surely left of it. */
const MOST_SURE = 0.95;

export function priorAgentTables(): AgentTables {
  return {
    talkSec: TALK_EDGES.map(() => TALK_PRIOR.sec),
    talkEnds: TALK_EDGES.map(() => TALK_PRIOR.ends),
    wrapSec: Array<number>(WRAP_BINS).fill(WRAP_PRIOR.sec),
    wrapEnds: Array<number>(WRAP_BINS).fill(WRAP_PRIOR.ends),
  };
}

/** Bin of each whole second of talk, looked up rather than searched. */
const TALK_BINS = Array.from({ length: 701 }, (_, sec) => TALK_EDGES.findLastIndex((edge) => edge <= sec));
export const talkBin = (elapsedSec: number): number => TALK_BINS[Math.min(700, Math.max(0, Math.floor(elapsedSec)))] ?? 0;
export const wrapBin = (elapsedSec: number): number => Math.min(WRAP_BINS - 1, Math.max(0, Math.floor(elapsedSec)));
