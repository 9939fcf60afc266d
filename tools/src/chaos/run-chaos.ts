import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { StackConfig } from '../stack/config.ts';
import { homeAt } from '../stack/home.ts';
import { until } from '../stack/processes.ts';
import type { Report } from '../stack/report.ts';
import { type StackStatus, up } from '../stack/stack.ts';
import { Api } from '../start/api.ts';
import { Actors } from './actors.ts';
import { startCampaigns } from './campaigns.ts';
import { Injector, type Injected } from './injector.ts';
import { ISOLATED_MS, type PlannedFault } from './plan-faults.ts';
import { startSippCarrier, type Invite } from './sipp-carrier.ts';
import { SystemWires } from './system-wires.ts';
import { Traffic } from './traffic.ts';
import type { JudgedCampaign } from './types.ts';

/** Free in each stack's block of ports, as is the one after. */
const SIPP_OFFSET = 8;
/** The former rate is taken over the ten seconds before a fault. */
const STEADY_MS = 12_000;
/** Between two faults that are not isolated. */
const BETWEEN_MS = { least: 2_000, most: 4_000 };
const TARGET_WAIT_MS = 20_000;
/** Suspected 8 s after the claim at the latest, looked at twice with 10 s between, every 5 s, and the records must have been read. */
const DRAIN_MS = 90_000;

export interface ChaosOptions {
  seed: number;
  faults: Iterable<PlannedFault>;
  /** no new fault begins after this */
  minutes: number;
  /** calls of 4 s instead of 8 */
  short: boolean;
}

/** A fault that was done, with when it was over. */
export interface DoneFault extends Omit<Injected, 'over'> {
  planned: PlannedFault;
  backAt: number | null;
}

/** What a run leaves for the judge. */
export interface ChaosRun {
  stack: StackStatus;
  campaigns: JudgedCampaign[];
  faults: DoneFault[];
  invites: Invite[];
  pbxDeaths: number[];
  pbxBacks: number[];
  /** epoch ms: dialling was steady, and was told to stop */
  from: number;
  to: number;
  drained: boolean;
}

/** Runs the whole system under faults, lets it come to rest, and hands over what was seen. The stack stays up. */
export async function runChaos(options: ChaosOptions, report: Report, config: StackConfig): Promise<ChaosRun> {
  const servers = await up({ serversOnly: true }, report, config);
  const sippPort = (servers.portBase ?? 0) + SIPP_OFFSET;
  const carrier = await startSippCarrier(sippPort);
  const wires = new SystemWires();
  try {
    const trunkUri = `sip:127.0.0.1:${sippPort}`;
    const given = await wires.open(servers);
    const stack = await up({ masters: 2, workers: 3, monitors: 2, trunkUri }, report, { ...config, given: { ...config.given, ...given } });
    const traffic = new Traffic(servers.pbx[0]?.celLog ?? '');
    const actors = new Actors(homeAt(config.homeDir), servers.portBase ?? 0, servers.postgresUrl ?? '');
    const injector = new Injector(servers, actors, wires, traffic);
    try {
      const api = new Api(stack.apiUrl ?? '');
      const campaigns = await startCampaigns(api, options.seed, options.minutes * 60, options.short);
      if (!options.short) await sleep(STEADY_MS);
      const from = Date.now();
      const faults = await injectAll(options, injector, report, from);
      const to = Date.now();
      for (const { campaignId } of campaigns) await pauseAtLast(api, campaignId);
      const drained = await drain(servers.postgresUrl ?? '', report);
      const { pbxDeaths, pbxBacks } = injector;
      return { stack: servers, campaigns, faults, invites: carrier.invites(), pbxDeaths, pbxBacks, from, to, drained };
    } finally {
      traffic.stop();
      await actors.close();
    }
  } finally {
    await wires.close();
    await carrier.stop();
  }
}

async function injectAll({ faults, minutes, seed }: ChaosOptions, injector: Injector, report: Report, from: number): Promise<DoneFault[]> {
  const until = from + minutes * 60_000;
  const done: Promise<DoneFault>[] = [];
  let random = seed;
  for (const planned of faults) {
    random = (random * 16_807) % 2_147_483_647;
    if (planned.isolated) await Promise.all(done).then(() => sleep(ISOLATED_MS));
    else await sleep(BETWEEN_MS.least + (random / 2_147_483_647) * (BETWEEN_MS.most - BETWEEN_MS.least));
    if (Date.now() >= until) break;
    const injected = await injector.inject(planned, TARGET_WAIT_MS);
    if (!injected) {
      report(`  ${planned.kind} ${planned.target}: no such target was active with enough calls in flight`);
      continue;
    }
    const { over, ...what } = injected;
    report(`  ${planned.kind} ${planned.target}${planned.isolated ? ' (alone)' : ''}, pid ${what.pid}, ${what.inFlight} calls in flight`);
    done.push(over.then((backAt) => ({ ...what, planned, backAt })));
    if (planned.isolated) await over.then(() => sleep(ISOLATED_MS));
  }
  return Promise.all(done);
}

/** The gateway may have been hit last. */
async function pauseAtLast(api: Api, campaignId: string): Promise<void> {
  const paused = await until(() => api.act(campaignId, 'pause').then(() => true, () => false), 30_000, 500);
  if (!paused) throw new Error('a campaign could not be paused within 30 s');
}

/** Waits until no attempt is open. @returns false when some stay open */
async function drain(databaseUrl: string, report: Report): Promise<boolean> {
  const db = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  db.on('error', () => undefined);
  const began = Date.now();
  try {
    const done = await until(async () => {
      const { rows } = await db.query<{ n: number }>('SELECT count(*)::int AS n FROM open_attempts').catch(() => ({ rows: [] }));
      return rows[0]?.n === 0;
    }, DRAIN_MS, 250);
    report(`  ${done ? 'no attempt is open' : 'attempts are still open'} ${((Date.now() - began) / 1000).toFixed(1)} s after the last order to pause`);
    return done;
  } finally {
    await db.end();
  }
}
