import { LEGAL_PRESETS } from './legal-presets.ts';
import { count, EMPTY_WINDOW, sumUp, type WindowRule } from './share-window.ts';
import type { Budget, Campaign } from './types.ts';

/** The risk that a campaign may take with the next call, steered by what its calls came to: answers pay in, abandonments take out. */

const LEVEL = { first: -3, least: -6, most: 4 };
/** Log odds taken off for the first abandonment that the bucket is short of, in a pool of one: one too many means less in a large pool. */
const EMPTY_BUCKET = 3;
const MOST_CAUTION = 1.5;
/** With so many missing each weighs twice as much: a burst must end soon. */
const BURST = 4;
/** Share of the limit from which the law's window itself says stop: 2.95 of 3 %. */
const ALARM_OF_LIMIT = 0.98333;
/** Answers from which it does: of fewer, the twentieth of a per cent that is left up to the limit is less than one person, and the budget evens out what
 *  one person more or less does. From 1,000 on, 20 agents lost 0.6 points of occupancy at 10 % answers. */
const ALARM_FROM_ANSWERS = 2000;

export const FIRST_BUDGET: Budget = { level: LEVEL.first, bucket: 1, window: EMPTY_WINDOW };

/** A live person answered. @param agents  how many share the pool */
export function payIn(budget: Budget, campaign: Campaign, agents: number, at: number): Budget {
  return {
    level: Math.min(LEVEL.most, budget.level + gain(agents) * campaign.abandonTarget),
    bucket: Math.min(3 + 0.1 * agents, budget.bucket + campaign.abandonTarget),
    window: count(budget.window, windowOf(campaign), at, { total: 1 }),
  };
}

/** One who answered was abandoned. */
export function takeOut(budget: Budget, campaign: Campaign, agents: number, at: number): Budget {
  return {
    level: Math.max(LEVEL.least, budget.level - gain(agents)),
    bucket: budget.bucket - 1,
    window: count(budget.window, windowOf(campaign), at, { hits: 1 }),
  };
}

/** Chance of being abandoned that the next call's answer may run. */
export function allowedRisk({ level, bucket }: Budget, agents: number): number {
  const missing = Math.max(0, 1 - bucket);
  const caution = Math.min(MOST_CAUTION, EMPTY_BUCKET / Math.max(1, agents)) * missing * (1 + missing / BURST);
  return 1 / (1 + Math.exp(caution - level));
}

/** Live answers and abandonments of the law's window. */
export function legalCount(budget: Budget, campaign: Campaign, now: number): { total: number; hits: number; share: number } {
  return sumUp(budget.window, windowOf(campaign), now);
}

export function nearsLimit(budget: Budget, campaign: Campaign, now: number): boolean {
  const { total, share } = legalCount(budget, campaign, now);
  return total >= ALARM_FROM_ANSWERS && share >= campaign.abandonLimit * ALARM_OF_LIMIT;
}

const windowOf = ({ legalPreset }: Campaign): WindowRule => LEGAL_PRESETS[legalPreset ?? 'us'].window;

/** The more agents the less one abandonment says. */
const gain = (agents: number): number => Math.min(0.2, 10 / Math.max(1, agents));
