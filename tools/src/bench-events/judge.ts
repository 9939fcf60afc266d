import { atLeast, atMost, type Check, type Measurement, measurement, rounded } from '../bench/measurement.ts';
import type { EventsResult } from './measure-events.ts';
import type { Load } from './run-load.ts';

export interface EventsMeasurement extends Measurement {
  baseline: { bare: Load[]; eventsPerSecond: number };
  result: Omit<EventsResult, 'full'> & { full: Load[]; eventsPerSecond: number; sustained: number };
}

/** Above this share of the machine in others' use the figures are not ours. */
const MOST_STRANGERS = 0.1;
/** The source must be able to do several times what is asked of it. */
const LEAST_HEADROOM = 2;

/** @returns the measurement (contract 10), and what makes it invalid */
export function judge(measured: EventsResult, seed: number): { made: EventsMeasurement; invalid: string[] } {
  const { full, ...result } = measured;
  const median = (loads: readonly Load[]): number => loads.map((load) => load.eventsPerSecond).sort((a, b) => a - b)[Math.floor(loads.length / 2)] ?? 0;
  const bare = median(full.bare);
  const monitor = median(full.monitor);
  const sustained = Math.max(0, ...measured.rising.filter((load) => load.keepsUp).map((load) => load.rate ?? 0));
  const ratio = { fullSpeed: rounded(monitor / bare, 3) };
  const made = measurement('bench:events', seed, {
    baseline: { bare: full.bare, eventsPerSecond: bare },
    result: { ...result, full: full.monitor, eventsPerSecond: monitor, sustained },
    ratio,
    checks: checksOf(measured, sustained, ratio.fullSpeed),
  }) as EventsMeasurement;
  return { made, invalid: reasonsAgainst(measured, Math.max(bare, monitor)) };
}

function checksOf({ steady, rising, full, calls }: EventsResult, sustained: number, ratio: number): Check[] {
  const kept = rising.filter((load) => load.keepsUp);
  const judged = [steady, ...kept, ...full.monitor];
  const sum = (of: (load: Load) => number): number => judged.reduce((total, load) => total + of(load), 0);
  return [
    atLeast('events per second sustained', sustained, 20_000),
    atMost('receipt to confirm at 5,000/s, p99 in ms', steady.publishMs.p99, 50),
    atMost('peak memory of the monitor at the rates that it keeps up with, in MiB', Math.max(...[steady, ...kept].map((load) => load.peakMiB)), 200),
    atLeast('monitor / bare loop, events per second', ratio, 0.4),
    atMost('events and messages lost', sum((load) => load.lostEvents + load.lostMessages), 0),
    atMost('messages out of order in their call, or of no call', sum(({ verdict }) => (verdict?.disordered ?? 0) + (verdict?.unknown ?? 0)), 0),
    atMost('calls without exactly one call.ended', sum(({ verdict }) => verdict?.notEndedOnce ?? 0), 0),
    atLeast('different calls', calls, 10_000),
  ];
}

function reasonsAgainst({ strangers, ceiling }: EventsResult, fastest: number): string[] {
  return [
    ...(strangers > MOST_STRANGERS ? [`others used ${Math.round(strangers * 100)} % of the machine`] : []),
    ...(ceiling < LEAST_HEADROOM * fastest ? [`the source plays ${ceiling} events/s at most`] : []),
  ];
}
