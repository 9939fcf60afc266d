import type { MakeController } from '../controller.ts';
import { countingController, type PoolCounts } from './pool-counts.ts';

export type DropMode = 'hard' | 'average' | 'tapered';

export interface VicidialSettings {
  mode: DropMode;
  maxLevel: number;
  /** `adaptive_dl_diff_target`: −1 aims at one agent waiting, +1 at one customer waiting */
  diffTarget: number;
  /** `adaptive_intensity`, % */
  intensity: number;
  /** `adaptive_dropped_percentage` */
  dropLimitPercent: number;
  /** hours until `adaptive_latest_server_time`, from the start */
  latestHours: number;
}

/** Means over the last 15 samples, one per second. */
export interface Averages {
  ready: number;
  waiting: number;
  agents: number;
}

/** Refreshed once a minute. */
export interface Drops {
  callsLastMinute: number;
  dropsLastMinute: number;
  callsToday: number;
  answersToday: number;
  dropsToday: number;
}

const TICK_SEC = 0.5;
const DIAL_SEC = 2.5;
const LEVEL_SEC = 15;
const DROPS_SEC = 60;
const SAMPLES = 15;

/** VICIdial's adaptive methods, after AST_VDadapt.pl and AST_VDauto_dial.pl of 2024. */
export function vicidial(settings: VicidialSettings): MakeController {
  return (agents) => {
    const samples = new Samples();
    let level = 1;
    let drops: Drops = { callsLastMinute: 0, dropsLastMinute: 0, callsToday: 0, answersToday: 0, dropsToday: 0 };
    return countingController(agents, TICK_SEC, (pool, now) => {
      if (now % 1 === 0) samples.take(pool);
      if (now % DROPS_SEC === 0) drops = nextDrops(drops, pool);
      if (now > 0 && now % LEVEL_SEC === 0) level = nextLevel(level, samples.averages(), drops, settings, now / 3600);
      return now % DIAL_SEC === 0 ? linesToDial(level, pool, settings.diffTarget) : 0;
    });
  };
}

/** What the dial loop places now. */
export function linesToDial(level: number, pool: Pick<PoolCounts, 'idle' | 'talking' | 'ringing' | 'waiting'>, diffTarget: number): number {
  const goal = Math.round(level * (pool.idle + pool.talking + diffTarget));
  return Math.max(0, goal - pool.ringing - pool.waiting - pool.talking);
}

/** The dial level for the next 15 s. @param hours  since the start */
export function nextLevel(level: number, mean: Averages, drops: Drops, settings: VicidialSettings, hours: number): number {
  const difference = mean.ready - mean.waiting + settings.diffTarget;
  const share = mean.agents === 0 ? 0 : difference / mean.agents;
  const intensity = settings.intensity / 100;
  const change = share < 0 ? share * Math.abs(intensity - 1) : share * (1 + intensity);
  let next = Math.min(settings.maxLevel, Math.max(1, level * (1 + change)));
  if (drops.callsLastMinute > 20 && drops.dropsLastMinute > 0.5 * drops.callsLastMinute) next /= 2;
  if (drops.callsToday > 50 && 100 * drops.dropsToday > settings.dropLimitPercent * drops.answersToday) next = afterTooManyDrops(next, settings, hours);
  return Math.max(1, next);
}

function afterTooManyDrops(level: number, { mode, latestHours }: VicidialSettings, hours: number): number {
  if (mode === 'hard') return 1;
  if (mode === 'average') return level / 2;
  // The difference of two clock times written HHMM, as one number: 1000 is ten hours.
  const left = clockNumber(latestHours) - clockNumber(hours);
  return left < 0 ? 1 : level * Math.min(1, left / 1000);
}

function clockNumber(hours: number): number {
  return Math.floor(hours) * 100 + Math.floor((hours % 1) * 60);
}

function nextDrops(before: Drops, pool: PoolCounts): Drops {
  return {
    callsLastMinute: pool.dials - before.callsToday,
    dropsLastMinute: pool.abandons - before.dropsToday,
    callsToday: pool.dials,
    answersToday: pool.answers,
    dropsToday: pool.abandons,
  };
}

class Samples {
  readonly #ready: number[] = [];
  readonly #waiting: number[] = [];
  readonly #agents: number[] = [];
  #taken = 0;

  take({ idle, talking, waiting }: PoolCounts): void {
    const place = this.#taken++ % SAMPLES;
    this.#ready[place] = idle;
    this.#waiting[place] = waiting;
    this.#agents[place] = idle + talking;
  }

  averages(): Averages {
    return { ready: mean(this.#ready), waiting: mean(this.#waiting), agents: mean(this.#agents) };
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
