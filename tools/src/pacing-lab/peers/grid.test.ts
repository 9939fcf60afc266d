import { GRID, peerGrid } from './grid.ts';

const vicidials = (agents: number) => (peerGrid(agents, 8.5)['vicidial'] ?? []).filter((dialer) => dialer.kind === 'vicidial');

test('every setting of VICIdial is tried with every other, once, at the 3 % of the law and until the day ends', () => {
  const { mode, maxLevel, diffTarget, diffTargetOfPool, intensity } = GRID.vicidial;
  const targets = new Set([...diffTarget, ...diffTargetOfPool.map((share) => Math.round(100 * share))]);
  const tried = vicidials(100);
  expect(tried).toHaveLength(mode.length * maxLevel.length * targets.size * intensity.length);
  expect(new Set(tried.map((dialer) => JSON.stringify(dialer))).size).toBe(tried.length);
  expect(new Set(tried.map((dialer) => dialer.diffTarget))).toEqual(targets);
  expect(new Set(tried.map((dialer) => dialer.mode))).toEqual(new Set(['hard', 'average', 'tapered']));
  expect(new Set(tried.map((dialer) => dialer.latestHours))).toEqual(new Set([8.5]));
  expect(new Set(tried.map((dialer) => dialer.dropLimitPercent))).toEqual(new Set([3]));
});

test('targets are whole agents, also as a share of a small pool', () => {
  expect(vicidials(5).filter(({ diffTarget }) => !Number.isInteger(diffTarget))).toEqual([]);
});

test('the simpler peers are tried at each of their settings', () => {
  const { power, legacy, issabel } = peerGrid(20, 8.5);
  expect(power).toEqual(GRID.power.linesPerAgent.map((linesPerAgent) => ({ kind: 'power', linesPerAgent })));
  expect(legacy).toEqual(GRID.legacy.impulseFactor.map((impulseFactor) => ({ kind: 'legacy', impulseFactor })));
  expect(issabel).toEqual(GRID.issabel.qos.map((qos) => ({ kind: 'issabel', qos })));
});
