import type { MakeController } from '../controller.ts';
import { countingController } from './pool-counts.ts';

const LEGACY_TICK_SEC = 30;

/** One line per idle agent. */
export const progressive: MakeController = (agents) => countingController(agents, 1, ({ idle, ringing, waiting }) => Math.max(0, idle - ringing - waiting));

/** A fixed number of lines per idle agent. */
export function power(linesPerAgent: number): MakeController {
  return (agents) => countingController(agents, 1, ({ idle, ringing, waiting }) => Math.max(0, Math.floor(idle * linesPerAgent) - ringing - waiting));
}

/** What this dialer's forerunner did each half minute: lines per idle agent, those under way not subtracted. */
export function legacy(impulseFactor: number, maxChannels = Number.POSITIVE_INFINITY): MakeController {
  return (agents) => countingController(agents, LEGACY_TICK_SEC, ({ idle }) => Math.min(Math.floor(idle * impulseFactor), maxChannels));
}
