import { priorAgentTables } from './agent-tables.ts';
import { emptyBook } from './book.ts';
import { FIRST_BUDGET } from './budget.ts';
import { NO_LINES } from './lines.ts';
import { parseConfig } from './parse-config.ts';
import { priorRingTables, ringBins } from './ring-tables.ts';
import type { Lines, PacingConfig, PacingState } from './types.ts';

/** The pacing of one pool of agents before anything happened: no agents, no calls, nothing learned.
 *  @param options  `restoring`: a new leader that still waits for the former one's state; its predictive campaigns are paced as progressive ones
 *  @throws DiscadorError `invalid_input`; message and `details.field` name the field of the configuration */
export function createState(config: PacingConfig, { restoring = false }: { restoring?: boolean } = {}): PacingState {
  const { campaigns, maxChannels } = parseConfig(config);
  const ringTimeoutSec = Math.max(...campaigns.map((campaign) => campaign.ringTimeoutSec));
  return {
    version: 1,
    campaigns,
    maxChannels,
    clock: null,
    agents: emptyBook(),
    calls: emptyBook(),
    ringing: Array<number>(ringBins(ringTimeoutSec)).fill(0),
    lines: Array<Lines>(campaigns.length + 1).fill(NO_LINES),
    budgets: campaigns.map(() => FIRST_BUDGET),
    ringTables: priorRingTables(ringTimeoutSec),
    agentTables: priorAgentTables(),
    agentDataAt: null,
    heardAt: null,
    silence: 0,
    stoppedAt: null,
    restoring,
    heldBack: false,
    askedAt: null,
  };
}
