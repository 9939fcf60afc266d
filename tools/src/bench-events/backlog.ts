import { rounded } from '../bench/measurement.ts';

/** A look at a run: messages that are due for what has been played, and how many of them have not come. */
export interface Backlog {
  /** seconds since the start */
  at: number;
  due: number;
  waiting: number;
}

/** Less than this under way is the pipeline itself, not a backlog. */
const PIPELINE_SEC = 0.25;
/** Growth over the run, in seconds of load, that is noise. */
const NOISE_SEC = 0.1;
/** The source itself held its rate, or the reader has made it wait. */
const RATE_HELD = 0.97;

/** Seconds of load that are under way: the mean of the second fifth of the run (the first fills the pipeline) and of the last. */
export function waitingSec(samples: readonly Backlog[]): [number, number] {
  const last = samples.at(-1);
  if (!last || last.due === 0) return [0, 0];
  const perSecond = last.due / last.at;
  const mean = (from: number, to: number): number => {
    const part = samples.slice(Math.floor(samples.length * from), Math.max(1, Math.ceil(samples.length * to)));
    return rounded(part.reduce((sum, { waiting }) => sum + waiting, 0) / part.length / perSecond, 3);
  };
  return [mean(0.2, 0.4), mean(0.8, 1)];
}

/** Whether a rate is one that can go on for ever: the source could send at it, and what is under way at the end is no more than at the start. */
export function keepsUp(samples: readonly Backlog[], rate: number | null, { events, tookMs, tookSec }: { events: number; tookMs: number; tookSec: number }): boolean {
  const [early, late] = waitingSec(samples);
  const held = rate === null || events / (tookMs / 1_000) >= RATE_HELD * rate;
  const drained = tookSec - tookMs / 1_000 <= PIPELINE_SEC + NOISE_SEC;
  return held && drained && (late <= PIPELINE_SEC || late - early <= NOISE_SEC);
}
