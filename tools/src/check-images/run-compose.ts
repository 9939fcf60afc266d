import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { checkLedger, type LedgerCheck } from '../ledger-check/check-ledger.ts';
import { recordsOf } from '../ledger-check/read-ledger.ts';
import { freePort } from '../stack/ports.ts';
import { step, type Report } from '../stack/report.ts';
import type { Engine } from './engine.ts';
import { observe, type Observed } from './observe.ts';

const PROJECT = 'discador-check';
const FILES = ['--file', 'docker/compose.yaml', '--project-name', PROJECT];
const OBSERVED = ['--profile', 'observability'];
const READY_SEC = 180;
/** Of compose.yaml: what the campaign's calls left at the PBX. */
const CEL_LOG = '/var/lib/discador-pbx/log/cel-custom/cel.csv';
/** Names as checkLedger has them; times in ms since 1970. */
const LEDGER_SQL = `SELECT coalesce(json_agg(json_build_object('attemptId', attempt_id, 'contactId', contact_id, 'campaignId', campaign_id, 'phone', phone,
  'claimedAt', extract(epoch FROM claimed_at) * 1000, 'disposition', disposition, 'cause', cause, 'answeredAt', extract(epoch FROM answered_at) * 1000,
  'endedAt', extract(epoch FROM ended_at) * 1000, 'inferred', inferred)), '[]') FROM report.attempts`;

const time = z.number().nullable();
const attemptRows = z.array(z.object({
  attemptId: z.string(), contactId: z.string(), campaignId: z.string(), phone: z.string(), claimedAt: z.number(), disposition: z.string().nullable(),
  cause: z.number().nullable(), answeredAt: time, endedAt: time, inferred: z.boolean(),
}));
const counts = z.object({ total: z.number() });
const dialled = z.object({
  campaignId: z.string(),
  rejected: z.number(),
  contacts: counts.extend({ byStatus: z.record(z.string(), z.number()) }),
  attempts: counts.extend({ byDisposition: z.record(z.string(), z.number()) }),
});
const ended = z.object({ Service: z.string(), State: z.string(), ExitCode: z.number() });

/** Runs `docker compose …` on the project. @returns its stdout; @throws what it said */
export type Compose = (...args: string[]) => Promise<string>;

/** The demo campaign as it went, and what the PBX says of it. */
export type DemoRun = z.infer<typeof dialled> & { ledger: LedgerCheck };

export interface ComposeRun {
  /** until every service is healthy, and `up --wait` ends with 0 */
  readySec: number;
  dialSec: number;
  contacts: number;
  attempts: number;
  unfinished: number;
  ledger: LedgerCheck;
  observed: Observed;
  /** from SIGTERM to the last container's end */
  stopSec: number;
  exitCodes: Record<string, number>;
}

/** Starts docker/compose.yaml, dials its demo campaign under Prometheus' eyes, holds the ledger against the PBX's records, and stops it all by SIGTERM.
 *  Of the profile `observability` Prometheus alone is started: Grafana cannot be made from Debian's packages.
 *  @throws with what compose said when it does not come up or the campaign does not end well */
export async function runCompose(engine: Engine, report: Report): Promise<ComposeRun> {
  const prometheusPort = String(await freePort());
  const env = { GATEWAY_PORT: String(await freePort()), PROMETHEUS_PORT: prometheusPort };
  const compose: Compose = async (...args) => {
    const { code, stdout, stderr } = await engine.compose([...FILES, ...args], env);
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')} ended with ${code}:\n${stderr.slice(-3000)}`);
    return stdout;
  };
  try {
    const [readySec] = await timed(report, 'compose file up, every service healthy', () => compose('up', '--no-build', '--pull', 'never', '--wait', '--wait-timeout', String(READY_SEC)));
    await step(report, 'Prometheus healthy', () => compose(...OBSERVED, 'up', '--no-build', '--pull', 'never', '--wait', '--wait-timeout', String(READY_SEC), 'prometheus'));
    const [dialSec, { contacts, attempts, ledger }] = await timed(report, 'the demo campaign, over Asterisk, held against its records', () => dialDemo(compose));
    const observed = await step(report, 'Prometheus asked for every target and every query of the dashboard', () => observe(`http://127.0.0.1:${prometheusPort}`));
    const [stopSec] = await timed(report, 'SIGTERM to everything', () => compose(...OBSERVED, 'stop'));
    const lines = (await compose(...OBSERVED, 'ps', '--all', '--format', 'json')).trim().split('\n');
    const exitCodes = Object.fromEntries(lines.map((line) => ended.parse(JSON.parse(line))).map(({ Service, ExitCode }) => [Service, ExitCode]));
    const { completed = 0, failed = 0 } = contacts.byStatus;
    return { readySec, dialSec, contacts: contacts.total, attempts: attempts.total, unfinished: contacts.total - completed - failed, ledger, observed, stopSec, exitCodes };
  } catch (error) {
    const { stdout } = await engine.compose([...FILES, 'logs', '--tail', '10', '--no-color'], env);
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${stdout.slice(-6000)}`);
  } finally {
    await engine.compose([...FILES, '--profile', 'demo', ...OBSERVED, 'down', '--volumes', '--timeout', '40'], env);
  }
}

/** Dials the demo campaign in a project that is up, and holds the ledger against the PBX's records. */
export async function dialDemo(compose: Compose): Promise<DemoRun> {
  const said = await compose('--profile', 'demo', 'run', '--rm', '--no-deps', 'demo');
  const run = dialled.parse(JSON.parse(said.trim().split('\n').at(-1) ?? ''));
  return { ...run, ledger: await holdAgainstPbx(compose, run.campaignId) };
}

async function holdAgainstPbx(compose: Compose, campaignId: string): Promise<LedgerCheck> {
  const attempts = attemptRows.parse(JSON.parse(await compose('exec', '-T', 'postgres', 'psql', '-U', 'discador', '-d', 'discador', '-Atc', LEDGER_SQL)));
  // The volumes outlive a run: earlier campaigns are in the ledger too.
  const ledger = attempts.filter((attempt) => attempt.campaignId === campaignId);
  const folder = mkdtempSync(join(tmpdir(), 'discador-images-'));
  try {
    const file = join(folder, 'cel.csv');
    writeFileSync(file, await compose('exec', '-T', 'asterisk', 'cat', CEL_LOG));
    return checkLedger(ledger, await recordsOf([file], campaignId, ledger));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed<T>(report: Report, name: string, work: () => Promise<T>): Promise<[seconds: number, result: T]> {
  const began = performance.now();
  const result = await step(report, name, work);
  return [Math.round((performance.now() - began) / 100) / 10, result];
}
