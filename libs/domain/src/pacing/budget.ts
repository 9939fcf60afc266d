import { LEGAL_PRESETS } from './legal-presets.ts';
import { TARGET_OF_LIMIT } from './parse-config.ts';
import { count, EMPTY_WINDOW, mostAbove, sumUp, type WindowRule } from './share-window.ts';
import type { Budget, Campaign } from './types.ts';

/** The risk that a campaign may take with the next call, steered by what its calls came to: answers pay in, abandonments take out. */

const LEVEL = { first: -3, least: -6, most: 4 };
/** Log odds taken off for the first abandonment that the bucket is short of, in a pool of one: one too many means less in a large pool. */
const EMPTY_BUCKET = 2.5;
const MOST_CAUTION = 1.5;
/** With so many missing each weighs twice as much: a burst must end soon. */
const MANY_MISSING = 4;
/** Smaller risks are rounding errors: with nothing else allowed, one line per idle agent is still safe. */
const LEAST_RISK = 1e-9;
/** Share of the limit from which the law's window itself says stop: 2.95 of 3 %. */
const ALARM_OF_LIMIT = 0.98333;
/** … of so many answers or more; of fewer, once so many people more were abandoned than the budget steers for: there one person is more than the twentieth
 *  of a per cent that is left up to the limit, and the budget evens out what two or three do. */
const ALARM_FROM = { answers: 1_000, people: 4 };
/** Fifteen minutes, beginning at any moment, may have so many abandonments above the limit. */
const QUARTER: WindowRule = { bucketSec: 15, buckets: 61 };
const QUARTER_MAY = { people: 5, perAgent: 0.1 };
/** Log odds taken off when they have; from this share of them on a part of that, but not for so few people: they are chance. */
const QUARTER_CAUTION = { full: 6, from: 0.2, people: 1.65 };
/** So many callers for each agent beyond the first ones may be lost at once when people suddenly answer better: less than a quarter of an hour may, as it
 *  goes on; in a small pool chance alone loses that many. */
const BURST = { perAgent: 0.05, beyond: 10 };
/** So many callers of a pool of so many agents may be lost at once when chance has many answer. With the square of the agents, as in a large pool
 *  chance evens out: it bounds 20 for some seconds of a hundred, 50 for some of a thousand, 100 hardly ever. */
const MANY_ANSWERS = { people: 1.5, agents: 20 };
/** So many abandonments of a pool without agents can be saved for later, and for each agent more. */
const BUCKET = { most: 2, perAgent: 0.1 };
/** Answers that come while fewer calls are placed than the risk allows say little about the risk: unless they raise it by so much less, it is high for
 *  nothing, and what was saved is lost in one go as soon as nothing is held back. */
const RAISE_WHILE_HELD_BACK = 0.2;

/** Begins with nothing saved: what a small campaign may lose on its first day is a dozen people. */
export const FIRST_BUDGET: Budget = { level: LEVEL.first, bucket: 0, window: EMPTY_WINDOW, quarter: EMPTY_WINDOW };

/** A live person answered. @param agents  how many share the pool. @param heldBack  fewer calls are placed than the risk allows */
export function payIn(budget: Budget, campaign: Campaign, agents: number, at: number, heldBack = false): Budget {
  const raise = gain(agents) * campaign.abandonTarget * (heldBack ? RAISE_WHILE_HELD_BACK : 1);
  return {
    level: Math.min(LEVEL.most, budget.level + raise),
    bucket: Math.min(BUCKET.most + BUCKET.perAgent * agents, budget.bucket + campaign.abandonTarget),
    window: count(budget.window, windowOf(campaign), at, { total: 1 }),
    quarter: count(budget.quarter, QUARTER, at, { total: 1 }),
  };
}

/** One who answered was abandoned. */
export function takeOut(budget: Budget, campaign: Campaign, agents: number, at: number): Budget {
  return {
    level: Math.max(LEVEL.least, budget.level - gain(agents)),
    bucket: budget.bucket - 1,
    window: count(budget.window, windowOf(campaign), at, { hits: 1 }),
    quarter: count(budget.quarter, QUARTER, at, { hits: 1 }),
  };
}

/** Chance of being abandoned that the next call's answer may run. */
export function allowedRisk(budget: Budget, campaign: Campaign, agents: number, now: number): number {
  const missing = Math.max(0, 1 - budget.bucket);
  const caution = Math.min(MOST_CAUTION, EMPTY_BUCKET / Math.max(1, agents)) * missing * (1 + missing / MANY_MISSING);
  return Math.max(LEAST_RISK, 1 / (1 + Math.exp(caution + quarterCaution(budget, campaign, agents, now) - budget.level)));
}

function quarterCaution(budget: Budget, campaign: Campaign, agents: number, now: number): number {
  const allowed = quarterAllows(agents);
  const used = aboveLimit(budget, campaign, now) / allowed;
  const { full, people } = QUARTER_CAUTION;
  const from = Math.max(QUARTER_CAUTION.from, people / allowed);
  return full * Math.max(0, (used - from) / (1 - from)) ** 2;
}

/** People who may be lost at once when people suddenly answer better. Never less than nobody: who dials one line for each idle agent loses none. */
export function roomForBurst(budget: Budget, campaign: Campaign, agents: number, now: number): number {
  return Math.max(0, BURST.perAgent * (agents - BURST.beyond) - aboveLimit(budget, campaign, now));
}

/** People who may be lost at once should chance have many more answer than can be expected. */
export function roomForChance(budget: Budget, campaign: Campaign, agents: number, now: number): number {
  return Math.max(0, MANY_ANSWERS.people * (agents / MANY_ANSWERS.agents) ** 2 - aboveLimit(budget, campaign, now));
}

const quarterAllows = (agents: number): number => QUARTER_MAY.people + QUARTER_MAY.perAgent * agents;

/** Abandonments above the limit in the worst stretch of up to a quarter of an hour that ends now. */
const aboveLimit = ({ quarter }: Budget, { abandonLimit }: Campaign, now: number): number => mostAbove(quarter, QUARTER, now, abandonLimit);

/** Live answers and abandonments of the law's window. */
export function legalCount(budget: Budget, campaign: Campaign, now: number): { total: number; hits: number; share: number } {
  return sumUp(budget.window, windowOf(campaign), now);
}

export function nearsLimit(budget: Budget, campaign: Campaign, now: number): boolean {
  const { total, hits, share } = legalCount(budget, campaign, now);
  if (share < campaign.abandonLimit * ALARM_OF_LIMIT) return false;
  return total >= ALARM_FROM.answers || hits - campaign.abandonLimit * TARGET_OF_LIMIT * total >= ALARM_FROM.people;
}

const windowOf = ({ legalPreset }: Campaign): WindowRule => LEGAL_PRESETS[legalPreset ?? 'us'].window;

/** The more agents the less one abandonment says. */
const gain = (agents: number): number => Math.min(0.3, 10 / Math.max(1, agents));
