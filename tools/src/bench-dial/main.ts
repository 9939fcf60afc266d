import { join } from 'node:path';
import { attemptFromCel, type AttemptFromCel } from '@discador/domain/records/attempt-from-cel';
import pg from 'pg';
import { atLeast, atMost, deliver, measurement, rounded } from '../bench/measurement.ts';
import { measurementCommand, wholeNumber, type MeasurementOptions } from '../bench/options.ts';
import { readConfig } from '../stack/config.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { reportToStderr, step } from '../stack/report.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { down, reset, up, type StackStatus } from '../stack/stack.ts';
import { readCelFiles } from '../ledger-check/read-ledger.ts';
import { ForeignQueue } from './foreign-queue.ts';
import { judgeEvents, type EventsVerdict } from './judge-events.ts';
import { measureRaw } from './raw-asterisk.ts';
import { measureWhole, type WholeResult } from './whole-system.ts';

interface Options extends MeasurementOptions {
  seconds: number;
}

const say = reportToStderr;
/** A machine on which Asterisk alone does less is too slow, or too busy, to measure on. */
const LEAST_RAW = 150;
const STEADY_RATE = 110; // about 100 calls a second: the trunk's window is 1.05 s, and permits come in steps
const FULL_SPEED = 5000;

function readOptions(): Options {
  return measurementCommand('bench:dial', 'Dialling at full speed: Asterisk alone, then the whole system; then CPU per call at a steady 100 calls/s', 'first serial of the numbers dialled')
    .option('--seconds <n>', 'length of each of the three runs', wholeNumber, 30)
    .parse()
    .opts<Options>();
}

async function main(): Promise<void> {
  const options = readOptions();
  const config = readConfig({ ...process.env, DISCADOR_HOME: process.env['DISCADOR_BENCH_HOME'] ?? join(REPO_ROOT, '.discador', 'bench') });
  try {
    await reset(() => undefined, config);
    const bare = await up({ serversOnly: true }, say, config);
    const pbx = bare.pbx[0];
    if (!pbx) throw new Error('no PBX');
    let serial = options.seed;
    const number = (): string => `5511${String(serial++).padStart(6, '8')}019`;
    const raw = await step(say, 'Asterisk alone at full speed', () => measureRaw(pbx.amiUrl, pbx.ariUrl, options.seconds, number));
    if (raw.callsPerSecond < LEAST_RAW) {
      say(`Asterisk alone did ${raw.callsPerSecond} calls/s, less than ${LEAST_RAW}: this machine cannot measure now`);
      process.exitCode = EXIT.skipped;
      return;
    }
    const stack = await up({ masters: 1, workers: 2, agents: 1, build: false }, say, config);
    const pool = new pg.Pool({ connectionString: stack.postgresUrl ?? '', max: 2 });
    const steady = await step(say, 'whole system at 100 calls/s', () => measureWhole(pool, stack, STEADY_RATE, options.seconds, options.seed));
    const queue = await ForeignQueue.open(stack.amqpUrl ?? '');
    const full = await step(say, 'whole system at full speed', () => measureWhole(pool, stack, FULL_SPEED, options.seconds, options.seed + 100_000));
    await pool.end();
    const events = await step(say, 'events of every call held against the PBX’s records', async () => judgeEvents(await queue.empty(), await recordsOf(stack, full.campaignId)));
    const made = measurement('bench:dial', options.seed, { baseline: raw, result: { full, steady, events }, ...judge(raw.callsPerSecond, full, steady, events) });
    deliver(made, options);
    process.exitCode = made.ok ? EXIT.ok : EXIT.failed;
  } finally {
    await down(() => undefined, config);
  }
}

async function recordsOf({ pbx }: StackStatus, campaignId: string): Promise<AttemptFromCel[]> {
  const evidence = await readCelFiles(pbx.flatMap(({ celLog }) => celLog ?? []), campaignId);
  return [...evidence].map(([attemptId, records]) => attemptFromCel(attemptId, records));
}

function judge(raw: number, full: WholeResult, steady: WholeResult, events: EventsVerdict) {
  const asterisk = sum(steady.cpuPerCall, (name) => name.startsWith('asterisk'));
  const rest = sum(steady.cpuPerCall, (name) => !name.startsWith('asterisk'));
  const ratio = { fullSpeed: rounded(full.callsPerSecond / raw, 3), cpuOfTheRest: rounded(rest / asterisk, 3) };
  const growth = full.backlog[1] - full.backlog[0] + full.unstored;
  return {
    ratio,
    checks: [
      atLeast('whole system / raw, calls per second', ratio.fullSpeed, 0.35),
      atMost('backlog grown, in seconds of calls', rounded(growth / Math.max(1, full.callsPerSecond)), 1),
      atMost('CPU of all the rest / Asterisk’s, per call at 100/s', ratio.cpuOfTheRest, 1.6),
      atLeast('steady run, calls per second', steady.callsPerSecond, 95),
      atLeast('calls in the PBX’s records, full speed', events.calls, full.calls),
      atMost('calls without their complete sequence of events', events.incomplete, 0),
      atMost('calls without exactly one call.ended in a queue of others', events.notEndedOnce, 0),
    ],
  };
}

function sum(values: Record<string, number>, which: (name: string) => boolean): number {
  return Object.entries(values).reduce((total, [name, value]) => total + (which(name) ? value : 0), 0);
}

runAsMain(import.meta.url, main);
