import { readFileSync, writeFileSync } from 'node:fs';
import type { Check, Measurement } from '../bench/measurement.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import type { AsteriskImage } from './build-asterisk.ts';
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
  asterisk: AsteriskImage;
  images: BuiltImage[];
  run: ComposeRun;
}

export interface ImagesMeasurement extends Measurement {
  result: ImagesResult;
}

/** The report of one run of `check:images`, from its JSON alone. */
export function imagesReport({ at, commit, dirty, machine, result, checks }: ImagesMeasurement): string {
  const { engine, suite, standIns, asterisk, images, run } = result;
  const { observed } = run;
  return `# Images: built, started, dialled with, stopped

Generated from \`images.json\` beside it by \`node --conditions=source tools/src/check-images/report.ts\`; measured by \`npm run check:images\` on ${at.slice(0, 10)},
commit ${commit.slice(0, 10)}${dirty ? ' and changes' : ''}, on ${machine.cpus} cores (${machine.model}), ${machine.memoryGiB} GiB, Linux ${machine.kernel}, with Docker ${engine}.

## What ran

\`docker/Dockerfile\`, unmodified, once per service; \`docker/asterisk.Dockerfile\`, unmodified; then \`docker/compose.yaml\`, unmodified, with these images: \`up --wait\`, Prometheus of the profile \`observability\`, the demo campaign, \`stop\`.

What registries and download servers out of reach would have brought was made from Debian's packages (${suite}), under the name that the files ask for:

${standIns.map(({ for: what, tag }) => `- \`${tag}\`: ${what}`).join('\n')}

So this says nothing of those images themselves. Asterisk was built from Debian's source of Asterisk ${asterisk.version}, packed as a release is and given by build arguments, **in the place of the release that the Dockerfile pins**, which could not be fetched: every step of the Dockerfile ran, and the Asterisk that dialled came out of it. Grafana was **not** started: it is in no package of Debian's.

## Images

${table(['image', 'size, MB', 'built in, s', 'user', 'shell'], images.map(({ app, mb, seconds, user, shell }) => [`discador/${app}`, String(mb), String(seconds), user, shell ? 'yes' : 'no']))}
| discador/asterisk | ${asterisk.mb} | ${asterisk.seconds} | ${asterisk.user} | yes |

Those of the services in the order in which they were built: the first ones pay for what all share. Asterisk ${asterisk.version} has ${asterisk.modules} modules; its configuration is filled in by a shell.

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

## Prometheus

Prometheus ${observed.version} scraped ${observed.targets} targets, ${observed.targets - observed.down.length} of them up${list(observed.down)}. It has ${observed.ruleGroups === 0 ? 'no files of rules: the repository has none' : `${observed.ruleGroups} groups of rules`}. The dashboard has ${observed.queries} queries with ${observed.metrics} metrics. Refused: ${observed.refused.length}${list(observed.refused)}. Without a value after the campaign: ${observed.empty.length}${list(observed.empty)}. Not shown yet, for they count what did not happen: ${observed.notYet.length}${list(observed.notYet)}. Nobody has: ${observed.unknown.length}${list(observed.unknown)}.

## Checks

${table(['check', 'limit', 'value'], checks.map((check) => [check.name, check.limit, shown(check)]))}
`;
}

const list = (names: readonly string[]): string => (names.length === 0 ? '' : ` (${names.map((name) => `\`${name}\``).join(', ')})`);

const shown = ({ ok, value }: Check): string => (ok ? String(value) : `**${value}, missed**`);

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

export const readMeasurement = (): ImagesMeasurement => JSON.parse(readFileSync(new URL('images.json', REPORTS), 'utf8')) as ImagesMeasurement;

runAsMain(import.meta.url, async () => writeFileSync(REPORT_FILE, imagesReport(readMeasurement())));
