import { proportions } from './proportion.ts';

/** How many calls to start now, for the campaigns that share one pool of agents (a queue). Pure: numbers in, numbers out. */

export type PlannableMode = 'progressive' | 'legacy' | 'agentless';

export interface CampaignLoad {
  campaignId: string;
  mode: PlannableMode;
  maxChannels: number;
  /** legacy: lines per idle agent and tick */
  impulseFactor: number;
  /** legacy: never more lines than this per logged-in agent */
  maxMultiplier: number;
  /** attempts open now */
  inFlight: number;
  /** calls ordered by slices that are still good, not yet claimed */
  ordered: number;
  /** contacts due now; may be capped, more does not matter */
  due: number;
}

export interface AgentPool {
  loggedIn: number;
  idle: number;
  /** campaign calls that talk to an agent */
  connected: number;
  /** seconds since the PBX confirmed these numbers; null when never */
  ageSec: number | null;
}

export interface CampaignOrder {
  campaignId: string;
  n: number;
  /** one sentence for people */
  reason: string;
}

/** Older agent data than this starts no call that would need an agent. */
export const STALE_AGENT_DATA_SEC = 5;

/** Orders for the campaigns of one pool. Calls that ring or wait for an agent (in flight, not connected) and calls already
 *  ordered count against every campaign of the pool, because an agent can take only one of them.
 *  @param pool the agents; ignored by agentless campaigns
 *  @returns one order per campaign, in the given order; `n` ≥ 0 */
export function planPool(campaigns: readonly CampaignLoad[], pool: AgentPool): CampaignOrder[] {
  const withAgents = campaigns.filter((campaign) => campaign.mode !== 'agentless');
  const refusal = poolRefusal(pool);
  const shares = refusal ? new Map<string, number>() : shareLines(withAgents, pool);
  return campaigns.map((campaign) => {
    if (campaign.mode !== 'agentless' && refusal) return { campaignId: campaign.campaignId, n: 0, reason: refusal };
    return capped(campaign, campaign.mode === 'agentless' ? campaign.maxChannels : (shares.get(campaign.campaignId) ?? 0), pool);
  });
}

function poolRefusal(pool: AgentPool): string | undefined {
  if (pool.ageSec === null) return 'no agent data from the PBX yet';
  if (pool.ageSec > STALE_AGENT_DATA_SEC) return `agent data ${Math.round(pool.ageSec)} s old`;
  if (pool.loggedIn === 0) return 'no agents logged in';
  return undefined;
}

/** Splits idle agents evenly, turns each share into lines by the campaign's mode, then takes off what is already on its way. */
function shareLines(campaigns: readonly CampaignLoad[], pool: AgentPool): Map<string, number> {
  const wanted = campaigns.map((campaign, index) => {
    const idle = evenShare(pool.idle, campaigns.length, index);
    return campaign.mode === 'legacy' ? Math.min(Math.floor(idle * campaign.impulseFactor), campaign.maxChannels) : idle;
  });
  const inFlight = sum(campaigns.map((campaign) => campaign.inFlight));
  const onTheirWay = Math.max(0, inFlight - pool.connected) + sum(campaigns.map((campaign) => campaign.ordered));
  const shares = proportions(Math.max(0, sum(wanted) - onTheirWay), wanted);
  return new Map(campaigns.map((campaign, index) => [campaign.campaignId, shares[index] ?? 0]));
}

function capped(campaign: CampaignLoad, wanted: number, pool: AgentPool): CampaignOrder {
  const lines = campaign.inFlight + campaign.ordered;
  const limits: [number, string][] = [
    [Math.floor(wanted), campaign.mode === 'agentless' ? 'as many as the limits allow' : `${pool.idle} idle of ${pool.loggedIn} agents`],
    [campaign.maxChannels - lines, `channel limit ${campaign.maxChannels} reached`],
    [campaign.due - campaign.ordered, 'no more contacts due'],
  ];
  if (campaign.mode === 'legacy') {
    limits.push([Math.floor(campaign.maxMultiplier * pool.loggedIn) - lines, `limit of ${campaign.maxMultiplier} lines per agent reached`]);
  }
  const [n, reason] = limits.reduce((least, limit) => (limit[0] < least[0] ? limit : least));
  return { campaignId: campaign.campaignId, n: Math.max(0, n), reason };
}

function evenShare(amount: number, parts: number, index: number): number {
  return Math.floor(amount / parts) + (index < amount % parts ? 1 : 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
