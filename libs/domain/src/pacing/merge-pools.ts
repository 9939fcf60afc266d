import type { QueueLive } from '@discador/contracts/live';
import { STALE_AGENT_DATA_SEC, type AgentPool } from './plan-pool.ts';

/** Adds one queue's agents up over the PBXs. A PBX whose word is stale does not count as long as another's is fresh: its agents
 *  cannot be reached, and must not stop the others.
 *  @param lives what each PBX last said of the queue
 *  @returns the age of the oldest word that counts; null when there is none */
export function mergePools(lives: readonly QueueLive[], nowMs: number): AgentPool {
  const ageSec = (live: QueueLive): number => Math.max(0, nowMs - live.at) / 1000;
  const fresh = lives.filter((live) => ageSec(live) <= STALE_AGENT_DATA_SEC);
  const counted = fresh.length > 0 ? fresh : lives;
  const total = (of: (live: QueueLive) => number): number => counted.reduce((sum, live) => sum + of(live), 0);
  return {
    loggedIn: total((live) => live.agents.loggedIn),
    // Inbound callers wait for these agents too.
    idle: Math.max(0, total((live) => live.agents.idle - live.waiting)),
    connected: total((live) => live.connected),
    ageSec: counted.length === 0 ? null : Math.max(...counted.map(ageSec)),
  };
}
