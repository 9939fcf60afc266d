import { nearsLimit } from './budget.ts';
import { STALE_AGENT_DATA_SEC } from './plan-pool.ts';
import type { Campaign, DialMode, PacingState } from './types.ts';

/** Which mode a campaign is really paced in, and why, when its own cannot be trusted. */

const STALE_SEC = 2;
/** After this long without an answer, and with nothing ringing, a single call finds out whether one is heard again. */
export const TRY_AGAIN_SEC = 60;

export interface Footing {
  mode: DialMode | 'none' | 'stopped';
  /** why it is not the campaign's own */
  because?: string;
}

/** Modes that place more calls than there are idle agents, and so rest on what is known and expected. */
const DARING: readonly DialMode[] = ['power', 'predictive'];

export function footingOf(state: PacingState, index: number, now: number): Footing {
  const campaign = state.campaigns[index] as Campaign;
  const { mode } = campaign;
  if (mode === 'agentless' || mode === 'preview') return { mode };
  // Where nobody ever confirms the agents' states, their own events are the truth: a minute in which all talk is no reason to stop.
  const ageSec = state.agentDataAt === null ? 0 : now - state.agentDataAt;
  if (ageSec > STALE_AGENT_DATA_SEC) return { mode: 'none', because: `agent data ${Math.round(ageSec)} s old` };
  if (state.agents.size === 0) return { mode: 'none', because: 'no agents logged in' };
  if (!DARING.includes(mode)) return { mode };
  if (state.stoppedAt !== null) return { mode: 'stopped', because: `no answer was heard where ${Math.floor(state.silence)} were expected` };
  if (state.restoring) return { mode: 'progressive', because: "the former leader's state is not here yet" };
  if (ageSec > STALE_SEC) return { mode: 'progressive', because: `agent data ${Math.round(ageSec)} s old` };
  if (campaign.abandonLimit === 0) return { mode: 'progressive', because: 'no caller may be abandoned' };
  const budget = state.budgets[index];
  if (budget && nearsLimit(budget, campaign, now)) return { mode: 'progressive', because: 'abandonment is near the limit of the law' };
  return { mode };
}
