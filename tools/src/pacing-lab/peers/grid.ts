import type { Dialer } from '../dialers.ts';

/** The settings tried of each peer. */
export const GRID = {
  power: { linesPerAgent: [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20] },
  legacy: { impulseFactor: [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30] },
  issabel: { qos: [0.99, 0.97, 0.9, 0.8, 0.7, 0.5, 0.3] },
  vicidial: {
    mode: ['hard', 'average', 'tapered'],
    maxLevel: [1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2, 2.25, 2.5, 3, 4],
    diffTarget: [-3, -2, -1, 0, 1, 2, 3, 5],
    /** further targets, as a share of the pool */
    diffTargetOfPool: [0.05, 0.1],
    intensity: [-40, 0, 40],
  },
} as const;

/** @param agents  of the pool
 *  @param latestHours  when the day ends, which VICIdial's tapered mode goes by */
export function peerGrid(agents: number, latestHours: number): Record<string, Dialer[]> {
  return {
    power: GRID.power.linesPerAgent.map((linesPerAgent) => ({ kind: 'power', linesPerAgent })),
    legacy: GRID.legacy.impulseFactor.map((impulseFactor) => ({ kind: 'legacy', impulseFactor })),
    issabel: GRID.issabel.qos.map((qos) => ({ kind: 'issabel', qos })),
    vicidial: vicidialGrid(agents, latestHours),
  };
}

function vicidialGrid(agents: number, latestHours: number): Dialer[] {
  const { mode: modes, maxLevel: levels, diffTarget, diffTargetOfPool, intensity: intensities } = GRID.vicidial;
  const targets = [...new Set([...diffTarget, ...diffTargetOfPool.map((share) => Math.round(share * agents))])];
  const settings = modes.flatMap((mode) => levels.flatMap((maxLevel) => targets.flatMap((target) => intensities.map((intensity) => ({ mode, maxLevel, diffTarget: target, intensity })))));
  return settings.map((one) => ({ kind: 'vicidial', ...one, dropLimitPercent: 3, latestHours }));
}
