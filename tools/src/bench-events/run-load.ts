import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs } from '../bench/cpu-time.ts';
import { rounded } from '../bench/measurement.ts';
import { type Backlog, keepsUp, waitingSec } from './backlog.ts';
import type { ChildTool } from './child-tool.ts';
import type { Verdict } from './completeness.ts';
import type { ConsumerProcess, Quantiles } from './consumer-process.ts';
import type { PbxProcess, PlayRequest } from './pbx-process.ts';
import { peakMemoryMiB } from './real-monitor.ts';

/** Who is measured, and around it all that is needed to. */
export interface Bench {
  pbx: ChildTool<PbxProcess>;
  consumer: ChildTool<ConsumerProcess>;
  /** messages per event where they are not known one by one */
  share: number | null;
  /** the one that is measured */
  pid: number;
  /** what uses CPU, by name */
  pids: Record<string, number>;
  /** ARI events that it has counted */
  counted(): Promise<number>;
}

export interface Load {
  /** events a second; null: at full speed */
  rate: number | null;
  events: number;
  calls: number;
  messages: number;
  /** from the first event played to the last message at the consumer */
  eventsPerSecond: number;
  /** events that were played and not counted, and messages that did not come */
  lostEvents: number;
  lostMessages: number;
  verdict: Verdict | null;
  /** messages under way at the start and the end of the play, in seconds of load */
  waitingSec: [number, number];
  keepsUp: boolean;
  /** from the PBX's event to the consumer; null for the bare loop, whose messages are old ones */
  latencyMs: Quantiles | null;
  /** most real memory that the one measured has had until then */
  peakMiB: number;
  /** CPU microseconds per event, by process */
  cpuPerEvent: Record<string, number>;
}

const SAMPLE_MS = 20;
/** Nothing has come for so long: nothing more will. */
const SILENT_MS = 3_000;

/** One run: plays calls at a rate, waits until the messages of all of them have come, and judges. */
export async function runLoad(bench: Bench, request: PlayRequest): Promise<Load> {
  const { pbx, consumer, share } = bench;
  await consumer.ask('judge', share === null ? request : null);
  const countedBefore = await bench.counted();
  const cpuBefore = cpuMs(bench.pids);
  const began = performance.now();
  const playing = pbx.ask('play', request);
  const samples = await sampleUntil(bench, playing);
  const played = await playing;
  const messages = share === null ? played.messages : Math.floor(played.events * share);
  const arrived = await drain(consumer, messages);
  const tookSec = (arrived.at - began) / 1_000;
  const cpu = cpuMs(bench.pids);
  const { verdict, latencyMs } = await consumer.ask('verdict', { firstCall: request.firstCall, calls: played.calls });
  const lostMessages = verdict?.lost ?? Math.max(0, messages - arrived.messages - 1); // the last share may not have made a whole
  const lostEvents = played.events - ((await bench.counted()) - countedBefore);
  await consumer.ask('purgeOutcomes');
  return {
    rate: request.rate,
    events: played.events,
    calls: played.calls,
    messages,
    eventsPerSecond: Math.round(played.events / tookSec),
    lostEvents,
    lostMessages,
    verdict,
    waitingSec: waitingSec(samples),
    keepsUp: lostEvents === 0 && lostMessages === 0 && keepsUp(samples, request.rate, { ...played, tookSec }),
    latencyMs: verdict && latencyMs,
    peakMiB: peakMemoryMiB(bench.pid),
    cpuPerEvent: Object.fromEntries(Object.entries(cpu).map(([name, ms]) => [name, rounded(((ms - (cpuBefore[name] ?? 0)) * 1_000) / played.events, 2)])),
  };
}

async function sampleUntil({ pbx, consumer, share }: Bench, playing: Promise<unknown>): Promise<Backlog[]> {
  const samples: Backlog[] = [];
  let going = true;
  void playing.then(
    () => (going = false),
    () => (going = false),
  );
  const began = performance.now();
  for (let arrived = 0; going; await sleep(SAMPLE_MS)) {
    const played = await pbx.ask('progress', arrived);
    const due = share === null ? played.messages : Math.floor(played.events * share);
    arrived = await consumer.ask('arrived');
    samples.push({ at: (performance.now() - began) / 1_000, due, waiting: Math.max(0, due - arrived) });
  }
  return samples;
}

/** Waits until all messages are there, or no more come. */
async function drain(consumer: ChildTool<ConsumerProcess>, wanted: number): Promise<{ messages: number; at: number }> {
  let messages = -1;
  let at = performance.now();
  for (;;) {
    const now = await consumer.ask('arrived');
    if (now !== messages) at = performance.now();
    messages = now;
    if (messages >= wanted || performance.now() - at > SILENT_MS) return { messages, at };
    await sleep(5);
  }
}
