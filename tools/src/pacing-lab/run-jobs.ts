import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { makeControllerOf, type Dialer } from './dialers.ts';
import type { RunFigures } from './meter.ts';
import { RUN_OPTIONS, Simulation } from './simulation.ts';
import { SCENARIOS, worldOf } from './world/scenarios.ts';

/** One run, as plain data. */
export interface Job {
  scenario: string;
  dialer: Dialer;
  seed: number;
  hours: number;
  /** orders go to so many workers, which dial a second later */
  splitOver?: number;
}

export interface JobResult extends RunFigures {
  cpuMs: number;
}

export function runJob({ scenario: name, dialer, seed, hours, splitOver }: Job): JobResult {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  const split = splitOver === undefined ? {} : { split: { workers: splitOver, delaySec: 1, seed } };
  const options = { ...RUN_OPTIONS, hours, ...split };
  const world = worldOf(scenario, seed, options.warmUpSec + hours * 3600);
  const before = process.threadCpuUsage();
  const figures = new Simulation(world, makeControllerOf(dialer), scenario.traffic.answerRate, options).run();
  const { user, system } = process.threadCpuUsage(before);
  return { ...figures, cpuMs: (user + system) / 1000 };
}

/** Runs jobs, each for itself, on so many threads. @returns one result per job, in their order: the same on any number of threads */
export async function runJobs(jobs: readonly Job[], threads: number): Promise<JobResult[]> {
  if (threads === 1) return jobs.map(runJob);
  const results: JobResult[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('run-jobs-thread.ts', import.meta.url));
    try {
      while (next < jobs.length) {
        const index = next++;
        worker.postMessage(jobs[index]);
        results[index] = ((await once(worker, 'message')) as [JobResult])[0];
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, work));
  return results;
}
