import { histogramQuantiles, readHistogram } from '../bench/histogram.ts';
import { rounded } from '../bench/measurement.ts';
import { type Report, step } from '../stack/report.ts';
import type { StackStatus } from '../stack/stack.ts';
import { Lab, type Who } from './lab.ts';
import { watchStrangers } from './machine-load.ts';
import type { Load } from './run-load.ts';

export interface EventsResult {
  /** calls played to the monitor and the bare loop, all different */
  calls: number;
  /** messages per event, as the recordings have it */
  share: number;
  /** at 5,000 events a second; with the time from receipt to confirm by the monitor's own histogram */
  steady: Load & { publishMs: { p50: number; p99: number } };
  /** the monitor at rising rates, up to the first that it does not keep up with */
  rising: Load[];
  /** at full speed, in turns */
  full: Record<Who, Load[]>;
  /** how many events a second the source plays when nobody listens */
  ceiling: number;
  /** share of the machine that others used */
  strangers: number;
}

const STEADY_RATE = 5_000;
const RATES = [10_000, 20_000, 25_000, 30_000, 35_000, 40_000, 50_000, 60_000, 80_000, 100_000];
const SECONDS = { warmUp: 2, steady: 10, rising: 5, full: 5 };
const ROUNDS = 3;
const PUBLISH_HISTOGRAM = 'discador_call_event_publish_seconds';

/** Measures on a stack whose servers are up; about two minutes. */
export async function measureEvents(stack: StackStatus, seed: number, say: Report): Promise<EventsResult> {
  const lab = await step(say, 'monitor and consumer started', () => Lab.open(stack, seed));
  try {
    const strangers = watchStrangers(process.pid);
    const { share, ceiling } = await step(say, 'bare loop started with a sample of the monitor’s messages', () => lab.startBare(stack.amqpUrl ?? ''));
    for (const who of ['bare', 'monitor'] as const) await play(lab, who, null, SECONDS.warmUp, say);
    const steady = await measureSteady(lab, say);
    const rising = await measureRising(lab, say);
    const full = await measureFull(lab, say);
    return { calls: lab.calls, share: rounded(share, 4), steady, rising, full, ceiling, strangers: rounded(strangers(), 3) };
  } finally {
    await lab.close();
  }
}

async function measureSteady(lab: Lab, say: Report): Promise<EventsResult['steady']> {
  const histogram = async () => readHistogram([await lab.monitor.metrics()], PUBLISH_HISTOGRAM);
  const before = await histogram();
  const load = await play(lab, 'monitor', STEADY_RATE, SECONDS.steady, say);
  const [p50 = 0, p99 = 0] = histogramQuantiles(before, await histogram(), [0.5, 0.99]).map((sec) => rounded(sec * 1_000, 1));
  return { ...load, publishMs: { p50, p99 } };
}

async function measureRising(lab: Lab, say: Report): Promise<Load[]> {
  const rising: Load[] = [];
  for (const rate of RATES) {
    const load = await play(lab, 'monitor', rate, SECONDS.rising, say);
    rising.push(load);
    if (!load.keepsUp) break;
  }
  return rising;
}

async function measureFull(lab: Lab, say: Report): Promise<Record<Who, Load[]>> {
  const full: Record<Who, Load[]> = { bare: [], monitor: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const who of ['bare', 'monitor'] as const) full[who].push(await play(lab, who, null, SECONDS.full, say));
  }
  return full;
}

async function play(lab: Lab, who: Who, rate: number | null, seconds: number, say: Report): Promise<Load> {
  const load = await lab.play(who, rate, seconds);
  const name = who === 'bare' ? 'bare loop' : 'monitor';
  const lost = load.lostEvents + load.lostMessages;
  say(`${load.keepsUp ? '✓' : '✗'} ${name} at ${rate ?? 'full speed'}: ${load.eventsPerSecond} events/s, ${load.messages} messages, ${lost} lost, under way ${load.waitingSec.join(' → ')} s`);
  return load;
}
