import { join } from 'node:path';
import { Command } from 'commander';
import { atLeast, atMost, deliver, measurement, type Check } from '../bench/measurement.ts';
import { numbers } from '../e2e/numbers.ts';
import { attemptsOf, count, eventually, openSystem, startCampaign, untilFinished, type System } from '../e2e/system.ts';
import { checkCampaign, type CampaignCheck } from '../ledger-check/read-ledger.ts';
import { readConfig } from '../stack/config.ts';
import { until } from '../stack/processes.ts';
import { reportToStderr as say, step } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { down, status } from '../stack/stack.ts';
import { buildOlder } from './older-build.ts';
import { endOlder, startOlder, type OlderReplica } from './older-replicas.ts';

interface Options {
  from: string;
  json: boolean;
  out?: string;
}

/** What has a lease, takes slices or stores ends; the gateway and the record-shipper have one replica here. */
const SIDE_BY_SIDE = ['discador-master', 'campaign-worker', 'ari-monitor', 'monitoring-worker'];
const CALLS_PER_SEC = 12;
/** Some ring out, some talk, some are busy and tried again. */
const ENDINGS = ['021', '061', '012', '003'];
const CONTACTS_EACH = 150;
/** How many attempts each stage waits for. */
const STAGE = 150;

async function main(): Promise<void> {
  const options = new Command('npm run check:upgrade --')
    .description('Runs the previous commit and this one side by side on one database during a campaign, then takes this one back: nobody may be called twice, no call be lost')
    .option('--from <revision>', 'the older commit', 'HEAD^')
    .option('--json', 'the measurement as JSON on stdout', false)
    .option('--out <file>', 'write the measurement')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
    .parse()
    .opts<Options>();
  const { homeDir } = readConfig();
  const older = await step(say, `build of ${options.from}`, () => buildOlder(options.from, join(homeDir, 'upgrade')));
  try {
    const system = await step(say, 'stack of this commit up, schema migrated', () => openSystem({ masters: 2, workers: 2, build: true }));
    try {
      const { result, checks } = await sideBySide(system, older.dir);
      const made = measurement('upgrade', 0, { baseline: { commit: older.commit }, result, ratio: {}, checks });
      deliver(made, options);
      process.exitCode = made.ok ? EXIT.ok : EXIT.failed;
    } finally {
      await system.close();
      await down(() => undefined);
    }
  } finally {
    await older.remove();
  }
}

async function sideBySide(system: System, dir: string): Promise<{ result: object; checks: Check[] }> {
  const present = system.stack.services.filter(({ name }) => SIDE_BY_SIDE.includes(name));
  const olderOnes: OlderReplica[] = [];
  const supervisor = system.stack.supervisorPid ?? 0;
  try {
    const campaignId = await startCampaign(system, ENDINGS.flatMap((digits) => numbers(CONTACTS_EACH, digits)), { maxChannels: 200, maxAttempts: 2, retryDelaySec: 2 }, CALLS_PER_SEC);
    await step(say, 'this commit dials alone', () => dialled(system, campaignId, STAGE));
    await step(say, `${present.length} replicas of the older commit beside it`, async () => {
      for (const one of present) olderOnes.push(await startOlder(dir, one, system.stack.logDir));
      for (const { name, healthUrl } of olderOnes) await eventually(`${name} is ready`, async () => (await fetch(healthUrl).catch(() => null))?.ok, 60_000);
    });
    await step(say, 'both dial', () => dialled(system, campaignId, STAGE));
    process.kill(supervisor, 'SIGSTOP'); // it would start again what is taken back
    await step(say, 'this commit taken back, by SIGTERM', async () => {
      for (const { pid } of present) process.kill(pid ?? 0, 'SIGTERM');
      await until(async () => (await status()).services.filter(({ name }) => SIDE_BY_SIDE.includes(name)).every(({ ready }) => !ready), 40_000);
    });
    const alone = await attemptsOf(system, campaignId);
    await step(say, 'the older commit dials to the end, alone', () => untilFinished(system, campaignId, 180_000));
    const byOlder = await count(system, `SELECT count(*) AS n FROM call_attempts WHERE campaign_id = $1 AND worker_id LIKE '%older%'`, campaignId);
    const check = await settled(system, campaignId);
    const contacts = await count(system, `SELECT count(*) AS n FROM report.contacts WHERE campaign_id = $1 AND status IN ('completed', 'failed')`, campaignId);
    return verdict(check, { byOlder, alone: check.attempts - alone, unfinished: ENDINGS.length * CONTACTS_EACH - contacts });
  } finally {
    process.kill(supervisor, 'SIGCONT');
    await Promise.all(olderOnes.map(endOlder));
  }
}

async function dialled(system: System, campaignId: string, more: number): Promise<void> {
  const before = await attemptsOf(system, campaignId);
  await eventually(`${more} more attempts`, async () => (await attemptsOf(system, campaignId)) >= before + more, 60_000);
}

async function settled({ stack }: System, campaignId: string): Promise<CampaignCheck> {
  const look = (): Promise<CampaignCheck> => checkCampaign({ databaseUrl: stack.postgresUrl ?? '', campaignId, celLogs: stack.pbx.map(({ celLog }) => celLog ?? '') });
  await until(async () => (await look()).mismatches.length === 0, 5000, 500);
  return look();
}

function verdict(check: CampaignCheck, { byOlder, alone, unfinished }: { byOlder: number; alone: number; unfinished: number }): { result: object; checks: Check[] } {
  const { attempts, calls, matched, byDisposition, inDoubt } = check;
  return {
    result: { attempts, calls, matched, byDisposition, inDoubt, byOlder, afterRollback: alone },
    checks: [
      atMost('duplicates', check.duplicates.length, 0),
      atMost('attempts that ledger and PBX tell differently', check.mismatches.length, 0),
      atMost('attempts without an end', check.open, 0),
      atMost('contacts without a final status', unfinished, 0),
      atMost('in doubt', inDoubt, 0),
      atLeast('attempts by the older commit', byOlder, STAGE),
      atLeast('attempts after the rollback', alone, 1),
    ],
  };
}

runAsMain(import.meta.url, main);
