import { Lab } from './lab.ts';
import { printTable } from './print-table.ts';
import { measurePacing } from './measure.ts';
import { peerGrid } from './peers/grid.ts';
import { runJobs, type Job } from './run-jobs.ts';
import { tunePeers } from './tune-peers.ts';
import { STEADY_SCENARIOS } from './world/scenarios.ts';

const scenario = STEADY_SCENARIOS.find(({ name }) => name === '10 agents, 30 %');
const settings = { seeds: [1, 2], hours: 0.25, threads: 1 };

test('the same seed gives the same run, another seed another', async () => {
  const jobs: Job[] = [1, 2, 3].map((seed) => ({ scenario: '10 agents, 30 %', dialer: { kind: 'progressive' }, seed, hours: 0.25 }));
  const figures = (results: Awaited<ReturnType<typeof runJobs>>) => results.map((result) => ({ ...result, cpuMs: 0 }));
  const alone = figures(await runJobs(jobs, 1));
  expect(figures(await runJobs(jobs, 1))).toEqual(alone);
  expect(new Set(alone.map(({ dials }) => dials)).size).toBe(3);
});

test('tuning gives each peer’s best within the limit', async () => {
  if (!scenario) throw new Error('no such scenario');
  const lab = new Lab(settings);
  const grid = peerGrid(scenario.agents, 1);
  delete grid['vicidial'];
  const tuned = await tunePeers(lab, scenario, grid);
  expect(tuned.map(({ peer }) => peer)).toEqual(['power', 'legacy', 'issabel']);
  const power = tuned.find(({ peer }) => peer === 'power')?.best;
  expect(power?.abandonment).toBeLessThanOrEqual(3);
  const [single] = await lab.run([{ scenario, dialer: { kind: 'power', linesPerAgent: 1 } }]);
  expect(power?.occupancy).toBeGreaterThanOrEqual(single?.occupancy ?? 100);
  expect(lab.callsPerCpuSecond()).toBeGreaterThan(0);
});

test('a measurement of a part: the envelope, the table, checks of what was run', async () => {
  const made = await measurePacing({ seeds: 1, seed: 7, hours: 0.25, threads: 1, scenario: ['10 agents, 30 %'], controller: ['progressive', 'legacy'], json: true }, () => undefined);
  expect(made).toMatchObject({ name: 'pacing-lab', seed: 7, result: { seeds: [7], hours: 0.25 } });
  expect(made.result.rows).toHaveLength(1);
  expect(made.checks.map(({ name }) => name.split(' ')[0])).toEqual(['progressive', 'legacy', 'a']);
  expect(printTable(made)).toContain('10 agents, 30 %');
  const figure = { name: 'busy, %', value: 88.053, error: 0.1681, limit: '>= 88', ok: true };
  expect(printTable({ ...made, checks: [figure] })).toContain('✓ busy, %: 88.053 ± 0.17 (>= 88)');
});

test('a part in which nothing is run is no measurement', async () => {
  const part = { seeds: 1, seed: 7, hours: 0.25, threads: 1, scenario: ['20 agents, jumps'], controller: ['reference', 'split'], json: true } as const;
  await expect(measurePacing({ ...part, scenario: [...part.scenario], controller: [...part.controller] }, () => undefined)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('Nothing to measure') as string });
});
