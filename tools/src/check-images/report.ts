import { readFileSync, writeFileSync } from 'node:fs';
import type { Check, Measurement } from '../bench/measurement.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import type { BuiltImage } from './build-images.ts';
import type { ComposeRun } from './run-compose.ts';

const REPORTS = new URL('../../../docs/reports/', import.meta.url);
export const REPORT_FILE = new URL('images.md', REPORTS);

export interface ImagesResult {
  /** Docker's version */
  engine: string;
  /** of Debian, whose packages the stand-ins are made of */
  suite: string;
  standIns: { for: string; tag: string }[];
  images: BuiltImage[];
  run: ComposeRun;
}

export interface ImagesMeasurement extends Measurement {
  result: ImagesResult;
}

/** The report of one run of `check:images`, from its JSON alone. */
export function imagesReport({ at, commit, dirty, machine, result, checks }: ImagesMeasurement): string {
  const { engine, suite, standIns, images, run } = result;
  return `# Images: built, started, dialled with, stopped

Generated from \`images.json\` beside it by \`node --conditions=source tools/src/check-images/report.ts\`; measured by \`npm run check:images\` on ${at.slice(0, 10)},
commit ${commit.slice(0, 10)}${dirty ? ' and changes' : ''}, on ${machine.cpus} cores (${machine.model}), ${machine.memoryGiB} GiB, Linux ${machine.kernel}, with Docker ${engine}.

## What ran

\`docker/Dockerfile\`, unmodified, once per service; then \`docker/compose.yaml\`, unmodified, with these images: \`up --wait\`, the demo campaign, \`stop\`.

What registries and download servers out of reach would have brought was made from Debian's packages (${suite}), under the name that the files ask for:

${standIns.map(({ for: what, tag }) => `- \`${tag}\`: ${what}`).join('\n')}

So this says nothing of those images themselves. \`docker/asterisk.Dockerfile\` was **not** built: its sources could not be fetched; the Asterisk that dialled is Debian's, with our configuration and our start and drain scripts. Prometheus and Grafana (profile \`observability\`) were not started.

## Images

${table(['image', 'size, MB', 'built in, s', 'user', 'shell'], images.map(({ app, mb, seconds, user, shell }) => [`discador/${app}`, String(mb), String(seconds), user, shell ? 'yes' : 'no']))}

In the order in which they were built: the first ones pay for what all share.

## The campaign

${table(['', ''], [
    ['every service healthy after, s', String(run.readySec)],
    ['campaign dialled in, s', String(run.dialSec)],
    ['contacts', String(run.contacts)],
    ['attempts', String(run.attempts)],
    ['calls that the PBX recorded', String(run.ledger.calls)],
    ['of them as the ledger says', String(run.ledger.matched)],
    ['everything stopped by SIGTERM in, s', String(run.stopSec)],
  ])}

## Checks

${table(['check', 'limit', 'value'], checks.map((check) => [check.name, check.limit, shown(check)]))}
`;
}

const shown = ({ ok, value }: Check): string => (ok ? String(value) : `**${value}, missed**`);

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

export const readMeasurement = (): ImagesMeasurement => JSON.parse(readFileSync(new URL('images.json', REPORTS), 'utf8')) as ImagesMeasurement;

runAsMain(import.meta.url, async () => writeFileSync(REPORT_FILE, imagesReport(readMeasurement())));
