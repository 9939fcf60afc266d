import { readFileSync, writeFileSync } from 'node:fs';
import type { Measurement } from '../bench/measurement.ts';
import { rounded } from '../bench/measurement.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import type { EventsVerdict } from './judge-events.ts';
import type { RawResult } from './raw-asterisk.ts';
import type { Quantiles, WholeResult } from './whole-system.ts';

export const RAW_FILE = new URL('../../../docs/reports/bench-dial.json', import.meta.url);
export const REPORT_FILE = new URL('../../../docs/reports/bench-dial.md', import.meta.url);

interface DialMeasurement extends Measurement {
  baseline: RawResult;
  result: { full: WholeResult; steady: WholeResult; events: EventsVerdict };
}

/** The report of one run of bench:dial, from its JSON alone. */
export function dialReport(made: DialMeasurement): string {
  const { baseline, result, ratio, checks, machine } = made;
  const quantiles = ({ p50, p95, p99 }: Quantiles): string => `${p50} / ${p95} / ${p99}`;
  return `# Dialling: the whole system against Asterisk alone

Generated from [bench-dial.json](bench-dial.json) by \`node --conditions=source tools/src/bench-dial/report.ts\`; measured by \`npm run bench:dial -- --seconds 30 --json --out docs/reports/bench-dial.json\`
at commit ${made.commit.slice(0, 10)} on ${made.at.slice(0, 10)}: ${machine.cpus} cores (${machine.model}), ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}. Everything runs on the same cores.

The carrier answers at once and talks 2 s. Alone: a minimal AMI writer and one ARI listener. Whole: master, two workers, monitor, record shipper, gateway, PostgreSQL, Redis, RabbitMQ.

| | Asterisk alone | whole system, full speed | whole system, 100 calls/s |
| --- | ---: | ---: | ---: |
| calls/s | ${baseline.callsPerSecond} | ${result.full.callsPerSecond} (${ratio['fullSpeed']} of alone) | ${result.steady.callsPerSecond} |
| slice to originate, ms, p50 / p95 / p99 | | ${quantiles(result.full.sliceToOriginateMs)} | ${quantiles(result.steady.sliceToOriginateMs)} |
| hang-up to stored outcome, ms, p50 / p95 / p99 | | ${quantiles(result.full.hangupToStoredMs)} | ${quantiles(result.steady.hangupToStoredMs)} |
| outcomes waiting, at the start and the end | | ${result.full.backlog.join(' → ')} | ${result.steady.backlog.join(' → ')} |

At full speed another service's queue, bound with \`#\`, took ${result.events.messages} messages about the ${result.events.calls} calls that the PBX's own log has from that run on; after it each call's were held against its record.${result.events.examples.map((example) => `\n\n- ${example}`).join('')}

CPU milliseconds per call, children included:

| process | full speed | 100 calls/s |
| --- | ---: | ---: |
${Object.keys(result.steady.cpuPerCall)
  .map((name) => `| ${name} | ${result.full.cpuPerCall[name] ?? ''} | ${result.steady.cpuPerCall[name] ?? ''} |`)
  .join('\n')}
| all but Asterisk | ${rest(result.full)} | ${rest(result.steady)} (${ratio['cpuOfTheRest']} × Asterisk's) |

| check | value | limit | |
| --- | ---: | --- | --- |
${checks.map(({ name, value, limit, ok }) => `| ${name} | ${value} | ${limit} | ${ok ? 'holds' : '**missed**'} |`).join('\n')}
`;
}

function rest({ cpuPerCall }: WholeResult): number {
  return rounded(Object.entries(cpuPerCall).reduce((sum, [name, ms]) => sum + (name.startsWith('asterisk') ? 0 : ms), 0), 3);
}

/** Reads the committed measurement. */
export const readMeasurement = (): DialMeasurement => JSON.parse(readFileSync(RAW_FILE, 'utf8')) as DialMeasurement;

runAsMain(import.meta.url, async () => writeFileSync(REPORT_FILE, dialReport(readMeasurement())));
