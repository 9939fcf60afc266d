import { readFileSync, writeFileSync } from 'node:fs';
import { runAsMain } from '../stack/run-as-main.ts';
import type { EventsMeasurement } from './judge.ts';
import type { Load } from './run-load.ts';

export const RAW_FILE = new URL('../../../docs/reports/bench-events.json', import.meta.url);
export const REPORT_FILE = new URL('../../../docs/reports/bench-events.md', import.meta.url);

/** The report of one run of bench:events, from its JSON alone. */
export function eventsReport(made: EventsMeasurement): string {
  const { baseline, result, ratio, checks, machine } = made;
  const { steady, rising, full } = result;
  return `# Call events: the monitor at rising rates, beside a bare loop

Generated from [bench-events.json](bench-events.json) by \`node --conditions=source tools/src/bench-events/report.ts\`; measured by \`npm run bench:events -- --json --out docs/reports/bench-events.json\`
at commit ${made.commit.slice(0, 10)} on ${made.at.slice(0, 10)}: ${machine.cpus} cores (${machine.model}), ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}. Source, monitor, RabbitMQ and consumer share the cores.

A process in the PBX's place plays recordings of real calls, all events that Asterisk sent, over a WebSocket: ${result.calls} calls with ids, numbers and times of their own, each kind as often as the others, interleaved as they would be at 630 calls a second. ${result.share} messages go to the bus for each event. A third process has a quorum queue bound with \`#\` and holds each call's messages against what was played. By itself the source plays ${result.ceiling} events/s.

| | events/s | messages | under way, s, early → at the end | PBX to consumer, ms, p50 / p99 | peak memory until then, MiB | |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
${[steady, ...rising].map((load) => row(`monitor at ${load.rate}/s`, load)).join('\n')}
${full.map((load) => row('monitor at full speed', load)).join('\n')}
${baseline.bare.map((load) => row('bare loop at full speed', load)).join('\n')}

At 5,000 events/s the monitor's own histogram says ${steady.publishMs.p50} ms (p50) and ${steady.publishMs.p99} ms (p99) from receipt to confirm. At full speed ${
    full.length
  } runs of 5 s took turns with the bare loop, which only reads with \`ws\`, parses each message and publishes as many of the same messages: medians ${result.eventsPerSecond} and ${baseline.eventsPerSecond} events/s, ${ratio['fullSpeed']} of it. Others used ${Math.round(result.strangers * 1_000) / 10} % of the machine.

CPU microseconds per event:

| process | monitor at 5,000/s | monitor at full speed | bare loop at full speed |
| --- | ---: | ---: | ---: |
${['monitor', 'bare', 'rabbitmq', 'source', 'consumer'].map((name) => `| ${name} | ${[steady, full[0], baseline.bare[0]].map((load) => load?.cpuPerEvent[name] ?? '').join(' | ')} |`).join('\n')}

| check | value | limit | |
| --- | ---: | --- | --- |
${checks.map(({ name, value, limit, ok }) => `| ${name} | ${value} | ${limit} | ${ok ? 'holds' : '**missed**'} |`).join('\n')}
`;
}

function row(name: string, load: Load): string {
  const { eventsPerSecond, messages, waitingSec, latencyMs, peakMiB, keepsUp, rate } = load;
  return `| ${name} | ${eventsPerSecond} | ${messages} | ${waitingSec.join(' → ')} | ${latencyMs ? `${latencyMs.p50} / ${latencyMs.p99}` : ''} | ${peakMiB} | ${rate === null ? '' : keepsUp ? 'keeps up' : 'does not keep up'} |`;
}

/** Reads the committed measurement. */
export const readMeasurement = (): EventsMeasurement => JSON.parse(readFileSync(RAW_FILE, 'utf8')) as EventsMeasurement;

runAsMain(import.meta.url, async () => writeFileSync(REPORT_FILE, eventsReport(readMeasurement())));
