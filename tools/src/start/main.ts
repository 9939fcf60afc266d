import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkCampaign, type CampaignCheck } from '../ledger-check/read-ledger.ts';
import { step, reportToStderr } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT, StackError } from '../stack/stack-error.ts';
import { down, endAfter, status, up, type StackStatus } from '../stack/stack.ts';
import { Api } from './api.ts';
import { readContactsCsv } from './contacts-csv.ts';
import { demoCampaign } from './demo-campaign.ts';
import { readOptions, type StartOptions } from './options.ts';
import { reportText, resultOf, type RunResult } from './report.ts';
import { dockerDown, gatewayAddress, needDocker, runInDocker } from './run-docker.ts';
import { watch, whyNothing } from './watch.ts';

const say = reportToStderr;
/** How long the PBX may take to write the end of the last call. */
const RECORDS_SETTLE_MS = 5000;
/** How long the stack can still be looked at after `--exit`, before it takes itself down. */
const LINGER_MIN = 15;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const interrupt = interruptSignal();
  if (options.docker) return inDocker(options, interrupt);
  const began = Date.now();
  const csv = await readContactsCsv(options);
  const wasUp = (await status()).running;
  const agents = Math.min(99, Math.max(10, Math.ceil(options.rate / 2)));
  const stack = await up({ masters: options.masters, workers: options.workers, pbx: options.pbx, agents }, say);
  try {
    const result = await dialDemo(options, stack, csv, interrupt, began);
    if (result && options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    if (options.exit) process.exitCode = result?.ok ? EXIT.ok : EXIT.failed;
    if (options.exit && !interrupt.aborted) return;
    await stayUp(stack, interrupt);
  } catch (error) {
    if (!interrupt.aborted) throw error;
  } finally {
    if (interrupt.aborted) await down(say);
    else if (!wasUp) await leaveForInspection();
  }
}

async function inDocker({ exit, json }: StartOptions, interrupt: AbortSignal): Promise<void> {
  await needDocker();
  if (exit) process.exitCode = EXIT.failed; // until it has ended well
  try {
    const result = await runInDocker(say, interrupt);
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    if (exit && result.ok) process.exitCode = EXIT.ok;
    if (!exit) say(`Everything stays up: http://${await gatewayAddress(interrupt)}/docs. Ctrl-C takes all down.`);
    while (!exit && !interrupt.aborted) await sleep(60_000, undefined, { signal: interrupt }).catch(() => undefined);
  } catch (error) {
    if (!interrupt.aborted) throw error;
  } finally {
    if (!(await dockerDown(say))) process.exitCode = EXIT.failed;
  }
}

async function dialDemo(options: StartOptions, stack: StackStatus, csv: Buffer, interrupt: AbortSignal, began: number): Promise<RunResult | null> {
  const api = new Api(stack.apiUrl ?? '');
  const { campaignId, job } = await step(say, 'campaign created, contacts imported', async () => {
    await api.setTrunk('default', { maxChannels: Math.max(100, options.rate * 20), callsPerSecond: options.rate });
    const campaign = await api.createCampaign(demoCampaign(options));
    return { campaignId: campaign.campaignId, job: await api.importContacts(campaign.campaignId, csv, randomUUID()) };
  });
  say(`${job.imported} contacts, ${job.rejected} rows rejected${examples(job.errors)}`);
  if (job.imported === 0) throw new StackError('no contact could be imported: nothing to dial', EXIT.failed);
  await api.act(campaignId, 'start');
  const dialBegan = Date.now();
  say(`dialling; first call ${((dialBegan - began) / 1000).toFixed(0)} s after the start. API: ${stack.apiUrl}  docs: ${stack.apiUrl}/docs  campaign: ${campaignId}`);
  const end = await watch(api, campaignId, job.imported, interrupt);
  if (end === 'interrupted') return null;
  if (end === 'stalled') say(`Nothing has moved for a while: ${(await whyNothing()) ?? 'no reason known'}`);
  const check = await settledCheck(stack, campaignId);
  const result = resultOf({ campaignId, seconds: (Date.now() - dialBegan) / 1000, imported: job.imported, rejected: job.rejected }, check);
  say(reportText(result, check));
  return result;
}

/** The ledger against the PBX's records, asked again for a moment while the PBX is still writing the last ones. */
async function settledCheck(stack: StackStatus, campaignId: string): Promise<CampaignCheck> {
  const celLogs = stack.pbx.map((pbx) => pbx.celLog).filter((file) => file !== null);
  if (celLogs.length < stack.pbx.length) throw new StackError('the PBX given by AMI_URL keeps its records elsewhere: set CEL_LOG to hold the ledger against them', EXIT.skipped);
  const until = Date.now() + RECORDS_SETTLE_MS;
  for (;;) {
    const check = await checkCampaign({ databaseUrl: stack.postgresUrl ?? '', campaignId, celLogs });
    if (check.mismatches.length === 0 || Date.now() > until) return check;
    await sleep(500);
  }
}

async function leaveForInspection(): Promise<void> {
  await endAfter(LINGER_MIN * 60_000, say);
  say(`The stack stays up for ${LINGER_MIN} minutes, so that its records can be read; to end it now: npm run stack -- down`);
}

async function stayUp(stack: StackStatus, interrupt: AbortSignal): Promise<void> {
  if (!interrupt.aborted) say(`Everything stays up. API: ${stack.apiUrl} (docs at /docs). Ctrl-C takes all down.`);
  while (!interrupt.aborted) await sleep(60_000, undefined, { signal: interrupt }).catch(() => undefined);
}

function examples(errors: { line: number; column: string; code: string }[]): string {
  if (errors.length === 0) return '';
  return `, e.g. ${errors.slice(0, 3).map(({ line, column, code }) => `line ${line} ${column}: ${code}`).join('; ')}`;
}

function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

runAsMain(import.meta.url, main);
