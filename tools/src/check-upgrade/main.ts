import { join } from 'node:path';
import { Command } from 'commander';
import { deliver, measurement, type Check } from '../bench/measurement.ts';
import { contactsCsv, numbers } from '../e2e/numbers.ts';
import { attemptsOf, count, eventually, openSystem, startCampaign, untilFinished, type System } from '../e2e/system.ts';
import { checkCampaign, type CampaignCheck } from '../ledger-check/read-ledger.ts';
import { readConfig } from '../stack/config.ts';
import { freePort } from '../stack/ports.ts';
import { identify, until } from '../stack/processes.ts';
import { reportToStderr as say, step } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { down } from '../stack/stack.ts';
import { buildOlder } from './older-build.ts';
import { endOlder, presentOf, startOlder, type OlderReplica } from './older-replicas.ts';
import { STAGE, verdict } from './verdict.ts';

interface Options {
  from: string;
  json: boolean;
  out?: string;
}

/** What may run beside another of its kind. The others have one replica here, and the older one takes its place. */
const SIDE_BY_SIDE = ['discador-master', 'campaign-worker', 'ari-monitor', 'monitoring-worker'];
const CALLS_PER_SEC = 12;
/** Some ring out, some talk, some are busy and tried again. */
const ENDINGS = ['021', '061', '012', '003'];
const CONTACTS_EACH = 150;
/** Contacts that only the older gateway is given. */
const LATE = 20;
/** Longer than a service's grace, by which its supervisor would kill it. */
const STOP_MS = 40_000;

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
  const present = presentOf(system.stack);
  const [besides, inPlace] = [present.filter(({ name }) => SIDE_BY_SIDE.includes(name)), present.filter(({ name }) => !SIDE_BY_SIDE.includes(name))];
  const olderOnes: OlderReplica[] = [];
  const supervisor = system.stack.supervisorPid ?? 0;
  try {
    const campaignId = await startCampaign(system, ENDINGS.flatMap((digits) => numbers(CONTACTS_EACH, digits)), { maxChannels: 200, maxAttempts: 2, retryDelaySec: 2 }, CALLS_PER_SEC);
    await step(say, 'this commit dials alone', () => dialled(system, campaignId, STAGE));
    await step(say, `${besides.length} replicas of the older commit beside it`, async () => {
      for (const one of besides) olderOnes.push(startOlder(dir, one, system.stack.logDir, await freePort()));
      await allReady(olderOnes);
    });
    const before = await dialledBy(system, campaignId);
    await step(say, 'both dial', () => dialled(system, campaignId, STAGE));
    const after = await dialledBy(system, campaignId);
    process.kill(supervisor, 'SIGSTOP'); // it would start again what is taken back
    await step(say, 'this commit taken back, by SIGTERM', async () => {
      for (const { pid } of present) process.kill(pid ?? 0, 'SIGTERM');
      await eventually('every service of this commit has ended', () => present.every(({ pid }) => !identify(pid ?? 0)), STOP_MS);
    });
    const alone = await attemptsOf(system, campaignId);
    await step(say, `${inPlace.map(({ name }) => name).join(', ')} of the older commit in their place, ${LATE} contacts imported`, async () => {
      for (const one of inPlace) olderOnes.push(startOlder(dir, one, system.stack.logDir));
      await allReady(olderOnes);
      await system.api.importContacts(campaignId, contactsCsv(numbers(LATE, '021')), `${campaignId}-late`);
    });
    await step(say, 'the older commit dials to the end, alone', () => untilFinished(system, campaignId, 180_000));
    const check = await settled(system, campaignId);
    const contacts = await count(system, `SELECT count(*) AS n FROM report.contacts WHERE campaign_id = $1 AND status IN ('completed', 'failed')`, campaignId);
    return verdict(check, {
      beside: { present: after.present - before.present, older: after.older - before.older },
      byOlder: (await dialledBy(system, campaignId)).older,
      afterRollback: check.attempts - alone,
      unfinished: ENDINGS.length * CONTACTS_EACH + LATE - contacts,
      notShipped: await notShipped(system, campaignId),
    });
  } finally {
    await Promise.all(olderOnes.map(endOlder)).finally(() => process.kill(supervisor, 'SIGCONT'));
  }
}

async function allReady(replicas: OlderReplica[]): Promise<void> {
  for (const { name, healthUrl } of replicas) await eventually(`${name} is ready`, async () => (await fetch(healthUrl).catch(() => null))?.ok, 60_000);
}

async function dialledBy(system: System, campaignId: string): Promise<{ present: number; older: number }> {
  const older = await count(system, `SELECT count(*) AS n FROM call_attempts WHERE campaign_id = $1 AND worker_id LIKE '%older%'`, campaignId);
  return { older, present: (await attemptsOf(system, campaignId)) - older };
}

/** Attempts that reached the PBX and of which the database has no record of it. */
const notShipped = (system: System, campaignId: string): Promise<number> =>
  count(system, `SELECT count(*) AS n FROM call_attempts a WHERE campaign_id = $1 AND disposition <> 'not_placed'
    AND NOT EXISTS (SELECT FROM pbx_cel c WHERE c.attempt_id = a.attempt_id AND event_type = 'CHAN_END')`, campaignId);

async function dialled(system: System, campaignId: string, more: number): Promise<void> {
  const before = await attemptsOf(system, campaignId);
  await eventually(`${more} more attempts`, async () => (await attemptsOf(system, campaignId)) >= before + more, 60_000);
}

async function settled(system: System, campaignId: string): Promise<CampaignCheck> {
  const { postgresUrl, pbx } = system.stack;
  const look = (): Promise<CampaignCheck> => checkCampaign({ databaseUrl: postgresUrl ?? '', campaignId, celLogs: pbx.map(({ celLog }) => celLog ?? '') });
  await until(async () => (await look()).mismatches.length === 0 && (await notShipped(system, campaignId)) === 0, 5000, 500);
  return look();
}

runAsMain(import.meta.url, main);
