import type { Dialer } from '../dialers.ts';

/** The settings tried of each peer, for a pool of so many agents. */
export function peerGrid(agents: number, latestHours: number): Record<string, Dialer[]> {
  return {
    power: [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6].map((linesPerAgent) => ({ kind: 'power', linesPerAgent })),
    legacy: [1, 2, 3, 4, 5, 6, 8].map((impulseFactor) => ({ kind: 'legacy', impulseFactor })),
    issabel: [0.97, 0.9, 0.8, 0.7].map((qos) => ({ kind: 'issabel', qos })),
    vicidial: vicidialGrid(agents, latestHours),
  };
}

const MODES = ['hard', 'average', 'tapered'] as const;
const MAX_LEVELS = [1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2, 2.25, 2.5, 3, 4];
const INTENSITIES = [-40, 0, 40];

function vicidialGrid(agents: number, latestHours: number): Dialer[] {
  const targets = [...new Set([-2, -1, 0, 1, 2, 3, 5, Math.round(agents / 20), Math.round(agents / 10)])];
  return MODES.flatMap((mode) =>
    MAX_LEVELS.flatMap((maxLevel) =>
      targets.flatMap((diffTarget) =>
        INTENSITIES.map((intensity): Dialer => ({ kind: 'vicidial', mode, maxLevel, diffTarget, intensity, dropLimitPercent: 3, latestHours })),
      ),
    ),
  );
}
