import { readFileSync, writeFileSync } from 'node:fs';
import type { Measurement } from '../bench/measurement.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import type { OutageResult } from './measure-outage.ts';

export interface OutageMeasurement extends Measurement {
  result: OutageResult;
}

const RAW_FILE = new URL('../../../docs/reports/bench-outage.json', import.meta.url);
export const REPORT_FILE = new URL('../../../docs/reports/bench-outage.md', import.meta.url);

/** The report of one run of bench:outage, from its JSON alone. */
export function outageReport({ at, commit, machine, result, checks }: OutageMeasurement): string {
  const { rate, awaySec, events, calls, messages, verdict, killed, heirSpooled, caughtUpSec, pbxBackSec } = result;
  return `# Call events: RabbitMQ away, and the publishing monitor killed in between

Generated from [bench-outage.json](bench-outage.json) by \`node --conditions=source tools/src/bench-outage/report.ts\`; measured by \`npm run bench:outage -- --json --out docs/reports/bench-outage.json\`
at commit ${commit.slice(0, 10)} on ${at.slice(0, 10)}: ${machine.cpus} cores (${machine.model}), ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}.

Recordings of real calls, each call with ids, numbers and times of its own, go to two monitors at ${rate} ARI events a second. RabbitMQ is stopped for ${awaySec} s. In the middle of that the monitor that publishes gets \`kill -9\`; it comes back with what it has on its disk while the other has taken over. A service with a quorum queue bound with \`#\` holds what comes against what was played: ${events} ARI events of ${calls} calls, of which ${messages} messages are due.

${killed.spooled} events were on the disk of the killed monitor, ${heirSpooled} on its heir's when RabbitMQ came back; ${caughtUpSec} s later nothing was left waiting. ${verdict.complete} calls are complete. ${verdict.repeats} messages came more than once, under the same ids: the killed monitor had sent them, and its heir could not know.

Then the PBX is away for a while, ${pbxBackSec.length} times: from its first answer until both monitors hear it, ${pbxBackSec.join(' / ')} s.

| check | value | limit | |
| --- | ---: | --- | --- |
${checks.map(({ name, value, limit, ok }) => `| ${name} | ${value} | ${limit} | ${ok ? 'holds' : '**missed**'} |`).join('\n')}
`;
}

/** Reads the committed measurement. */
export const readMeasurement = (): OutageMeasurement => JSON.parse(readFileSync(RAW_FILE, 'utf8')) as OutageMeasurement;

runAsMain(import.meta.url, async () => writeFileSync(REPORT_FILE, outageReport(readMeasurement())));
