import { capByTrunk, type TrunkUse } from '@discador/domain/pacing/cap-by-trunk';
import { planPool, type CampaignLoad, type CampaignOrder, type PlannableMode } from '@discador/domain/pacing/plan-pool';
import type { Database } from '@discador/postgres/database';
import { finishCampaigns } from '@discador/postgres/sql/finish-campaigns';
import { readOpenAttempts } from '@discador/postgres/sql/open-attempts';
import { planCampaigns, type CampaignPlanRow } from '@discador/postgres/sql/plan-campaigns';
import type { Permits } from '@discador/redis/permits';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { readPools } from './agent-pools.ts';
import type { MasterMetrics } from './metrics.ts';
import type { SliceDesk } from './slice-desk.ts';

export interface PlannerOptions {
  database: Database;
  redis: Redis;
  permits: Permits;
  desk: SliceDesk;
  pbxs: readonly string[];
  tickMs: number;
  log: Logger;
  metrics: MasterMetrics;
}

const PLANNABLE = new Set<string>(['progressive', 'legacy', 'agentless']);
/** Rounds between two looks for finished campaigns and orphaned permits. */
const CARE_EVERY_MS = 2000;
/** After a flush the rate window is unknown: this long no call is started, so that no sliding second is overrun. */
const RATE_UNKNOWN_MS = 1100;

/** The leader's rounds: look, decide (pure, in libs/domain), issue slices. Runs only between `start` and `stop`. */
export class Planner {
  readonly #options: PlannerOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #caredAt = 0;
  #flushSeenAt: number | undefined;
  #orders: CampaignOrder[] = [];
  #note = 'first round pending';

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  get note(): string {
    return this.#note;
  }

  details(): Record<string, number> {
    return { activeCampaigns: this.#orders.length, orderedLastRound: this.#orders.reduce((sum, order) => sum + order.n, 0) };
  }

  start(term: number, trusted: () => boolean): void {
    clearInterval(this.#timer);
    let busy = false;
    const tick = (): void => {
      if (busy || !trusted()) return;
      busy = true;
      this.#round = this.#safeRound(term).finally(() => {
        busy = false;
      });
    };
    this.#timer = setInterval(tick, this.#options.tickMs);
    tick(); // what the last leader ordered runs out already
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#orders = [];
    await this.#round;
  }

  async #safeRound(term: number): Promise<void> {
    const { metrics, log } = this.#options;
    const end = metrics.tickSeconds.startTimer();
    try {
      await this.#roundOf(term);
      metrics.ticks.inc({ result: 'ok' });
    } catch (error) {
      metrics.ticks.inc({ result: 'error' });
      this.#note = `nothing is dialled: ${error instanceof Error ? error.message : String(error)}`;
      log.warn({ err: error }, 'planning round failed');
    }
    end();
  }

  async #roundOf(term: number): Promise<void> {
    const { database, redis, permits, desk, pbxs, metrics } = this.#options;
    if (!(await permits.ready())) return this.#rebuildPermits();
    // Agents first: a call claimed in between counts as on its way, never as nothing.
    const pools = await readPools(redis, pbxs, Date.now());
    const campaigns = await planCampaigns(database, term);
    metrics.activeCampaigns.set(campaigns.length);
    const groups = [...byPool(campaigns)];
    const orders = groups.flatMap(([queue, rows]) => planPool(rows.map(toLoad), pools(queue)));
    this.#orders = capByTrunk(orders, groups.flatMap(([, rows]) => rows.map(toTrunkUse)));
    this.#note = desk.open ? noteOf(campaigns, this.#orders) : 'nothing is dialled: RabbitMQ is away';
    const wanted = this.#orders.reduce((sum, order) => sum + order.n, 0);
    const handedOut = await desk.issue(term, this.#orders);
    if (desk.open && handedOut < wanted) this.#note += `, ${wanted - handedOut} ordered calls could not be handed to the workers`;
    if (Date.now() - this.#caredAt >= CARE_EVERY_MS) await this.#care(term, campaigns);
  }

  async #care(term: number, campaigns: CampaignPlanRow[]): Promise<void> {
    const { database, permits, log, metrics } = this.#options;
    this.#caredAt = Date.now();
    for (const campaignId of await finishCampaigns(database, term)) log.info({ campaignId }, 'campaign finished');
    const freed = await permits.sweep(
      campaigns.map((campaign) => campaign.campaign_id),
      [...new Set(campaigns.map((campaign) => campaign.trunk))],
      async () => new Set((await readOpenAttempts(database)).map((open) => open.attempt_id)),
    );
    if (freed > 0) metrics.permitsSwept.inc(freed);
  }

  async #rebuildPermits(): Promise<void> {
    this.#note = 'nothing is dialled: permits are being rebuilt';
    this.#flushSeenAt ??= Date.now();
    if (Date.now() - this.#flushSeenAt < RATE_UNKNOWN_MS) return;
    const open = await readOpenAttempts(this.#options.database);
    await this.#options.permits.rebuild(
      open.map((attempt) => ({ attemptId: attempt.attempt_id, campaignId: attempt.campaign_id, trunk: attempt.trunk })),
    );
    this.#flushSeenAt = undefined;
    this.#options.log.info({ open: open.length }, 'permits rebuilt from the ledger');
  }
}

/** Campaigns that share a queue share its agents. Campaigns without one stand alone. */
function byPool(campaigns: CampaignPlanRow[]): Map<string, CampaignPlanRow[]> {
  const pools = new Map<string, CampaignPlanRow[]>();
  for (const campaign of campaigns) {
    if (!campaign.inside_window || !PLANNABLE.has(campaign.mode)) continue;
    const key = campaign.queue ?? '';
    const rows = pools.get(key);
    if (rows) rows.push(campaign);
    else pools.set(key, [campaign]);
  }
  return pools;
}

function toLoad(row: CampaignPlanRow): CampaignLoad {
  return {
    campaignId: row.campaign_id,
    mode: row.mode as PlannableMode,
    maxChannels: row.max_channels,
    impulseFactor: row.impulse_factor,
    maxMultiplier: row.max_multiplier,
    inFlight: row.in_flight,
    ordered: row.ordered,
    due: row.due,
  };
}

function toTrunkUse(row: CampaignPlanRow): TrunkUse {
  return { campaignId: row.campaign_id, trunk: row.trunk, trunkRate: row.trunk_rate, ordered: row.ordered };
}

function noteOf(campaigns: CampaignPlanRow[], orders: CampaignOrder[]): string {
  const outside = campaigns.filter((campaign) => !campaign.inside_window).length;
  const still = orders.filter((order) => order.n === 0);
  const parts = [`${campaigns.length} active campaigns`];
  if (outside > 0) parts.push(`${outside} outside calling hours`);
  const unplanned = campaigns.filter((campaign) => !PLANNABLE.has(campaign.mode)).length;
  if (unplanned > 0) parts.push(`${unplanned} in a mode that is not planned yet`);
  const [first] = still;
  if (first && still.length === orders.length) parts.push(first.reason);
  return parts.join(', ');
}
