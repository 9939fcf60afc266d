import type { Cell } from './cell.ts';
import type { Dialer } from './dialers.ts';
import type { Lab } from './lab.ts';
import type { Scenario } from './world/scenarios.ts';

/** Abandonment, %, within which a dialer may be used. */
export const ABANDON_LIMIT_PERCENT = 3;
/** What is a little above the limit on few seeds may be within it on all. */
const NEARLY = 3.3;

export interface Tuned {
  peer: string;
  /** settings tried */
  tried: number;
  /** the cell with most occupancy within the limit; without one the one with least abandonment */
  best: Cell;
}

/** Finds each peer's best settings for a scenario: all of them on one seed and few hours, the better ones on three seeds and more, the best eight on
 *  all seeds and hours of the lab. So the peers are tuned to the very runs that they are judged by, which favours them.
 *  @param peers  the settings to try, by peer */
export async function tunePeers(lab: Lab, scenario: Scenario, peers: Record<string, Dialer[]>): Promise<Tuned[]> {
  const { seeds, hours } = lab.settings;
  const tuned: Tuned[] = [];
  for (const [peer, grid] of Object.entries(peers)) {
    const trials = (dialers: readonly Dialer[]) => dialers.map((dialer) => ({ scenario, dialer }));
    const roughly = Math.min(hours, roughHours(scenario.agents));
    const rough = await lab.run(trials(grid), { seeds: seeds.slice(0, 1), hours: roughly });
    const closer = await lab.run(trials(bestOf(rough, NEARLY, 16)), { seeds: seeds.slice(0, 3), hours: Math.min(hours, 2 * roughly) });
    const final = await lab.run(trials(bestOf(closer, NEARLY, 8)));
    const [winner] = bestOf(final, ABANDON_LIMIT_PERCENT, 1);
    const best = final.find(({ dialer }) => dialer === winner);
    if (best) tuned.push({ peer, tried: grid.length, best });
  }
  return tuned;
}

/** The larger the pool, the sooner it shows what a setting gives. */
function roughHours(agents: number): number {
  return agents >= 500 ? 1 : agents >= 50 ? 2 : 4;
}

/** Most occupancy within the limit first, then least abandonment. */
function bestOf(cells: readonly Cell[], limit: number, count: number): Dialer[] {
  const isWithin = (cell: Cell): boolean => cell.abandonment <= limit;
  const order = [...cells].sort((one, other) => Number(isWithin(other)) - Number(isWithin(one)) || (isWithin(one) ? other.occupancy - one.occupancy : one.abandonment - other.abandonment));
  // Drop modes that never came into play give the same run: one of them is enough.
  const different = order.filter((cell, index) => index === 0 || cell.occupancy !== order[index - 1]?.occupancy);
  return different.slice(0, count).map(({ dialer }) => dialer);
}
