import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { rounded } from '../bench/measurement.ts';
import { ChildTool } from '../bench-events/child-tool.ts';
import type { Verdict } from '../bench-events/completeness.ts';
import type { ConsumerProcess } from '../bench-events/consumer-process.ts';
import type { PbxProcess } from '../bench-events/pbx-process.ts';
import { type Report, step } from '../stack/report.ts';
import type { StackStatus } from '../stack/stack.ts';
import { MonitorPair, type Killed } from './monitor-pair.ts';

export interface OutageResult {
  /** ARI events a second */
  rate: number;
  secondsAsked: number;
  /** measured, from the broker's stop to its return */
  awaySec: number;
  /** ARI events played, to both monitors */
  events: number;
  calls: number;
  /** messages due on the bus */
  messages: number;
  verdict: Verdict;
  killed: Killed;
  /** messages on the heir's disk when the broker came back */
  heirSpooled: number;
  /** from the broker's return until nothing was left waiting */
  caughtUpSec: number;
  /** from when the PBX answers again until both monitors hear it, one value for each of its absences */
  pbxBackSec: number[];
  /** of any monitor */
  peakMiB: number;
}

interface Parts {
  stack: StackStatus;
  consumer: ChildTool<ConsumerProcess>;
  pbx: ChildTool<PbxProcess>;
  say: Report;
}

type Outage = Pick<OutageResult, 'awaySec' | 'killed' | 'heirSpooled' | 'peakMiB'> & { backAt: number };

const RATE = 500;
/** Played before the broker goes, and after it is back. */
const AROUND_SEC = 10;
/** How long the killed monitor stays away. */
const DEAD_SEC = 2;
/** The PBX's absences: longer than the delays between tries take to reach their bound. */
const PBX_AWAY = { times: 5, seconds: 5 };
/** Under way in the pipeline, no backlog. */
const PIPELINE_MESSAGES = 100;
const CATCH_UP_MS = 60_000;
const NOTHING_COMES_MS = 5_000;

const run = promisify(execFile);
const tool = (name: string): URL => new URL(`../bench-events/${name}`, import.meta.url);

/** Measures on a stack whose servers are up; takes half a minute more than the outage. */
export async function measureOutage(stack: StackStatus, seed: number, secondsAsked: number, say: Report): Promise<OutageResult> {
  const parts: Parts = { stack, say, consumer: new ChildTool(tool('consumer-process.ts')), pbx: new ChildTool(tool('pbx-process.ts')) };
  const { consumer, pbx } = parts;
  let monitors: MonitorPair | undefined;
  try {
    await consumer.ask('start', stack.amqpUrl ?? '');
    const ariUrl = await pbx.ask('listen', 'discador-1');
    const pair = await step(say, 'two monitors started', () => MonitorPair.start(stack.home, ariUrl));
    monitors = pair;
    const play = { seed, epochMs: Date.now(), firstCall: 0, rate: RATE, seconds: secondsAsked + 2 * AROUND_SEC, window: Number.MAX_SAFE_INTEGER };
    await consumer.ask('judge', play);
    const playing = pbx.ask('play', play);
    await sleep(AROUND_SEC * 1_000);
    const { backAt, ...outage } = await stopBroker(parts, pair, secondsAsked);
    const caughtUpSec = rounded(((await caughtUp(parts)) - backAt) / 1_000, 1);
    const { events, calls, messages } = await playing;
    await quiet(consumer);
    const { verdict } = await consumer.ask('verdict', { firstCall: 0, calls });
    if (!verdict) throw new Error('the consumer judged nothing');
    const pbxBackSec = await step(say, `PBX away, ${PBX_AWAY.times} times`, () => awayAndBack(pbx, pair));
    return { rate: RATE, secondsAsked, events, calls, messages, verdict, caughtUpSec, pbxBackSec, ...outage, peakMiB: pair.peakMiB };
  } finally {
    await monitors?.stop();
    for (const child of [consumer, pbx]) child.end();
  }
}

/** RabbitMQ away for so long; in the middle the monitor that publishes is killed, and soon started again. */
async function stopBroker({ stack, consumer, say }: Parts, monitors: MonitorPair, seconds: number): Promise<Outage> {
  const broker = (what: 'stop_app' | 'start_app') => run(stack.rabbitmqctl[0] ?? '', [...stack.rabbitmqctl.slice(1), what]);
  await step(say, 'RabbitMQ stopped', () => broker('stop_app'));
  const stoppedAt = performance.now();
  await sleep(seconds * 500);
  const killed = await step(say, 'publishing monitor killed, the other took over', () => monitors.killPublisher());
  await sleep(DEAD_SEC * 1_000);
  await step(say, 'killed monitor started again', () => monitors.begin(killed.replica));
  await sleep(Math.max(0, seconds * 1_000 - (performance.now() - stoppedAt)));
  const heirSpooled = await monitors.spooled();
  await step(say, 'RabbitMQ started', () => broker('start_app'));
  const backAt = performance.now();
  await consumer.ask('resume', stack.amqpUrl ?? '');
  return { awaySec: rounded((backAt - stoppedAt) / 1_000, 1), killed, heirSpooled, peakMiB: monitors.peakMiB, backAt };
}

async function awayAndBack(pbx: ChildTool<PbxProcess>, monitors: MonitorPair): Promise<number[]> {
  const backSec: number[] = [];
  while (backSec.length < PBX_AWAY.times) {
    await pbx.ask('leave');
    await monitors.untilBoth(false);
    await sleep(PBX_AWAY.seconds * 1_000);
    await pbx.ask('comeBack');
    const backAt = performance.now();
    await monitors.untilBoth(true);
    backSec.push(rounded((performance.now() - backAt) / 1_000, 2));
  }
  return backSec;
}

/** @returns when all that was due had come, but for what is under way */
async function caughtUp({ consumer, pbx }: Parts): Promise<number> {
  for (const until = performance.now() + CATCH_UP_MS; performance.now() < until; await sleep(20)) {
    const arrived = await consumer.ask('distinct');
    if ((await pbx.ask('progress', arrived)).messages - arrived < PIPELINE_MESSAGES) break;
  }
  return performance.now();
}

/** Waits until nothing more comes: with repeats the number alone says nothing. */
async function quiet(consumer: ChildTool<ConsumerProcess>): Promise<void> {
  for (let before = -1, at = performance.now(); performance.now() - at < NOTHING_COMES_MS; await sleep(100)) {
    const now = await consumer.ask('arrived');
    if (now !== before) at = performance.now();
    before = now;
  }
}
