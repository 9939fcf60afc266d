import type { PacingConfig } from '@discador/domain/pacing/index';
import { rounded } from '../../bench/measurement.ts';
import { domainController } from '../domain-controller.ts';
import { Simulation } from '../simulation.ts';
import type { CampaignRecord } from './read-record.ts';
import { ResampledCalls } from './resampled-calls.ts';

/** How a campaign went, or would have gone. */
export interface Outcome {
  /** `recorded`, or the mode that it was played with */
  mode: string;
  dials: number;
  answers: number;
  abandons: number;
  /** % of the answers */
  abandonment: number;
  /** talk and wrap-up, % of the staffed time */
  occupancy: number;
  talks: number;
}

export interface ReplayResult {
  seconds: number;
  agents: number;
  staffedHours: number;
  seed: number;
  unreadable: number;
  outcomes: Outcome[];
}

const GRACE_SEC = 2;

/** What was recorded, beside what other settings would have given: the same agents at the same hours, calls drawn from those that were, and the
 *  same chance for all. The mode that was recorded, played again, shows how far such a replay can be trusted. */
export function replay(record: CampaignRecord, configs: readonly PacingConfig[], seed: number): ReplayResult {
  return {
    seconds: Math.round(record.seconds),
    agents: record.agents.agents,
    staffedHours: rounded(record.agents.staffedSec / 3600),
    seed,
    unreadable: record.unreadable,
    outcomes: [recorded(record), ...configs.map((config) => played(record, config, seed))],
  };
}

function recorded({ answered, unanswered, abandons, agents, talksSec }: CampaignRecord): Outcome {
  return {
    mode: 'recorded',
    dials: answered.length + unanswered.length,
    answers: answered.length,
    abandons,
    abandonment: rounded((100 * abandons) / Math.max(answered.length, 1)),
    occupancy: rounded((100 * agents.busySec) / Math.max(agents.staffedSec, 1), 1),
    talks: talksSec.length,
  };
}

function played(record: CampaignRecord, config: PacingConfig, seed: number): Outcome {
  const calls = new ResampledCalls(record, seed);
  const world = { agents: record.agents.agents, roster: record.agents.roster, calls };
  const options = { hours: record.seconds / 3600, warmUpSec: 0, graceSec: config.graceSec ?? GRACE_SEC };
  const figures = new Simulation(world, domainController(config), (at) => calls.answerRate(at), options).run();
  return {
    mode: config.mode,
    dials: figures.dials,
    answers: figures.answers,
    abandons: figures.abandons,
    abandonment: rounded(figures.abandonment),
    occupancy: rounded(figures.occupancy, 1),
    talks: figures.answers - figures.abandons,
  };
}
