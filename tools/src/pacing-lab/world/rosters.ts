import { RandomStream } from '../random-stream.ts';
import type { RosterChange } from './world.ts';

const BREAK_STREAM = 5;
const BETWEEN_BREAKS_SEC = 50 * 60;
const BREAK_SEC = 10 * 60;
const SHIFT_SEC = 2 * 3600;
const SHIFT_SPREAD_SEC = 600;

/** Everybody there all the time. */
export function steadyRoster(agents: number): RosterChange[] {
  return Array.from({ length: agents }, (_, agent) => ({ at: 0, agent, present: true }));
}

/** Each agent takes breaks of ten minutes on average, about every fifty minutes, when it suits them. */
export function breaksRoster(agents: number, seed: number, untilSec: number): RosterChange[] {
  const random = new RandomStream(seed, BREAK_STREAM);
  const breaks: RosterChange[] = [];
  for (let agent = 0; agent < agents; agent++) {
    for (let at = random.exponential(BETWEEN_BREAKS_SEC); at < untilSec; at += random.exponential(BETWEEN_BREAKS_SEC)) {
      const awaySec = random.exponential(BREAK_SEC);
      breaks.push({ at, agent, present: false, awaySec });
      at += awaySec;
    }
  }
  return [...steadyRoster(agents), ...breaks.sort((one, other) => one.at - other.at)];
}

/** Every two hours a third of the agents goes or comes within ten minutes: two thirds, all, two thirds … */
export function shiftsRoster(agents: number, seed: number, untilSec: number): RosterChange[] {
  const random = new RandomStream(seed, BREAK_STREAM);
  const always = Math.ceil((agents * 2) / 3);
  const changes: RosterChange[] = [];
  for (let shift = 1; shift * SHIFT_SEC < untilSec; shift++) {
    for (let agent = always; agent < agents; agent++) {
      changes.push({ at: shift * SHIFT_SEC + SHIFT_SPREAD_SEC * random.next(), agent, present: shift % 2 === 1 });
    }
  }
  return [...steadyRoster(always), ...changes.sort((one, other) => one.at - other.at)];
}
