import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { progressive } from './peers/simple-dialers.ts';
import { runJob, runJobs, type Job, type JobResult } from './run-jobs.ts';
import { RUN_OPTIONS, Simulation } from './simulation.ts';
import { SCENARIOS, worldOf } from './world/scenarios.ts';

const job = (over: Partial<Job> = {}): Job => ({ scenario: '5 agents, 30 %', dialer: { kind: 'progressive' }, seed: 3, hours: 0.25, ...over });
const figuresOf = ({ cpuMs: _, ...figures }: JobResult) => figures;

test('a job is a run after half an hour of warm-up; its orders split, of so many workers that dial a second later', () => {
  const { traffic, ...scenario } = SCENARIOS.find(({ name }) => name === '5 agents, 30 %')!;
  const run = (over: object) => new Simulation(worldOf({ traffic, ...scenario }, 3, 2700), progressive, traffic.answerRate, { ...RUN_OPTIONS, hours: 0.25, ...over }).run();
  expect(figuresOf(runJob(job()))).toEqual(run({}));
  expect(figuresOf(runJob(job({ splitOver: 10 })))).toEqual(run({ split: { workers: 10, delaySec: 1, seed: 3 } }));
});

test('on several threads results come in the order of the jobs, also when a short one is done before a long one', async () => {
  const jobs = [job({ scenario: '100 agents, 30 %', hours: 4 }), job({ seed: 4, hours: 0.01 }), job({ seed: 5, hours: 0.01 })];
  const onThreads = fileURLToPath(new URL('testing/run-jobs-on-threads.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', onThreads, '2', JSON.stringify(jobs)]);
  const alone = await runJobs(jobs, 1);
  expect((JSON.parse(stdout) as JobResult[]).map(figuresOf)).toEqual(alone.map(figuresOf));
  expect(new Set(alone.map(({ dials }) => dials)).size).toBe(3);
});
