import { cellOf, type Cell } from './cell.ts';
import type { Dialer } from './dialers.ts';
import { runJobs, type Job, type JobResult } from './run-jobs.ts';
import type { Scenario } from './world/scenarios.ts';

/** One dialer to be run in one scenario. */
export interface Trial {
  scenario: Scenario;
  dialer: Dialer;
  splitOver?: number;
}

export interface LabSettings {
  seeds: readonly number[];
  hours: number;
  threads: number;
}

/** Runs trials and keeps account of what the simulator did per second of CPU. */
export class Lab {
  readonly settings: LabSettings;
  #calls = 0;
  #cpuMs = 0;

  constructor(settings: LabSettings) {
    this.settings = settings;
  }

  /** @param short  fewer seeds or hours than the lab's. @returns a cell per trial, in their order */
  async run(trials: readonly Trial[], short: Partial<Pick<LabSettings, 'seeds' | 'hours'>> = {}): Promise<Cell[]> {
    const { seeds, hours, threads } = { ...this.settings, ...short };
    const jobs = trials.flatMap(({ scenario, dialer, splitOver }) => seeds.map((seed): Job => ({ scenario: scenario.name, dialer, seed, hours, splitOver })));
    const results = await runJobs(jobs, threads);
    return trials.map(({ scenario, dialer }, index) => {
      const own = results.slice(index * seeds.length, (index + 1) * seeds.length);
      if (dialer.kind !== 'domain' && dialer.kind !== 'reference') this.#account(own);
      return cellOf(scenario.name, scenario.agents, dialer, own);
    });
  }

  /** by the dialers that only count */
  get simulatedCalls(): number {
    return this.#calls;
  }

  /** Of the dialers that only count. */
  callsPerCpuSecond(): number {
    return Math.round((1000 * this.#calls) / Math.max(this.#cpuMs, 1));
  }

  #account(results: readonly JobResult[]): void {
    for (const { simulatedCalls, cpuMs } of results) {
      this.#calls += simulatedCalls;
      this.#cpuMs += cpuMs;
    }
  }
}
