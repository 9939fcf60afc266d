import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { readConfig } from '../stack/config.ts';
import { runAsMain } from '../stack/run-as-main.ts';
import { EXIT } from '../stack/stack-error.ts';
import { settingsOf } from './app-settings.ts';
import { checkClashes, checkNames } from './assertions/names.ts';
import { checkPod } from './assertions/pods.ts';
import { checkReferences } from './assertions/references.ts';
import { checkSelectors } from './assertions/selectors.ts';
import { checkLimits, type SettingSchema } from './assertions/setting-limits.ts';
import { checkSettings } from './assertions/settings.ts';
import { CHART, NAMESPACE, RELEASE, renderChart, type Rendered } from './chart.ts';
import { compareGolden, readGolden, writeGolden } from './golden.ts';
import { askHelm, ensureHelm } from './helm-program.ts';
import { type Finding, podTemplatesOf } from './kube-object.ts';
import { unknownFields } from './known-fields.ts';
import { validateObjects } from './validate-objects.ts';
import { tryWrongValues, WRONG_VALUES } from './wrong-values.ts';

interface Options {
  update: boolean;
}

/** One line of the result. */
interface Check {
  name: string;
  findings: Finding[] | Promise<Finding[]>;
}

/** Services by their key in values.yaml. */
const SERVICES = {
  gateway: 'gateway',
  master: 'discador-master',
  campaignWorker: 'campaign-worker',
  ariMonitor: 'ari-monitor',
  monitoringWorker: 'monitoring-worker',
  recordShipper: 'record-shipper',
};

function readOptions(): Options {
  return new Command('npm run check:deploy --')
    .description('Checks chart, Dockerfiles, compose file and workflows without a cluster and without Docker')
    .option('--update', 'write the golden renderings anew', false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
    .parse()
    .opts<Options>();
}

async function main(): Promise<void> {
  const { update } = readOptions();
  const began = performance.now();
  const helm = await ensureHelm(readConfig().cacheDir);
  const files = readdirSync(join(CHART, 'ci')).sort().map((name) => join(CHART, 'ci', name));
  const rendered = await Promise.all(files.map((file) => renderChart(helm, file)));
  if (update) writeGolden(rendered);
  const checks = [...(await chartChecks(helm, files, rendered)), ...objectChecks(rendered)];
  let wrong = 0;
  for (const check of checks) wrong += tell(check.name, await check.findings);
  process.stdout.write(`${wrong === 0 ? pc.green('all is well') : pc.red(`${wrong} findings`)} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
  process.exitCode = wrong === 0 ? EXIT.ok : EXIT.failed;
}

/** @returns how many findings there were */
function tell(name: string, findings: Finding[]): number {
  process.stdout.write(`${findings.length === 0 ? pc.green('✓') : pc.red('✗')} ${name}\n`);
  for (const { at, says } of findings) process.stdout.write(`    ${at}: ${says}\n`);
  return findings.length;
}

async function chartChecks(helm: string, files: string[], rendered: Rendered[]): Promise<Check[]> {
  const lint = await askHelm(helm, ['lint', CHART, '--strict', '--quiet', ...files.flatMap((file) => ['--values', file]).slice(0, 2)]);
  const first = files.find((file) => file.endsWith('external-values.yaml')) ?? '';
  return [
    { name: 'the chart is well-formed (helm lint)', findings: lint.ok ? [] : [{ at: 'helm lint', says: `${lint.stdout}${lint.stderr}`.trim() }] },
    { name: `${rendered.length} values files render as they were committed (golden/)`, findings: rendered.flatMap((one) => compareGolden(readGolden(one.name), one)) },
    { name: `${WRONG_VALUES.length} wrong values are refused with a message`, findings: tryWrongValues(helm, first) },
    { name: 'the limits of settings are the services’ own', findings: settingLimits() },
    { name: 'two releases do not clash, in one namespace or two', findings: clashes(helm, first, rendered) },
  ];
}

function objectChecks(rendered: Rendered[]): Check[] {
  const over = (check: (one: Rendered) => Finding[]): Finding[] => rendered.flatMap((one) => check(one).map(({ at, says }) => ({ at: `${one.name}: ${at}`, says })));
  const all = rendered.flatMap(({ objects }) => objects);
  return [
    { name: `${all.length} objects are valid, of kinds that clusters serve`, findings: over(({ objects }) => validateObjects(objects)) },
    { name: '… and have no field that Kubernetes does not know', findings: unknownFields(all) },
    { name: 'names are unique, short enough, in their namespace', findings: over(({ objects }) => checkNames(objects, NAMESPACE)) },
    { name: 'selectors select what they are for, ports are named and there', findings: over(({ objects }) => checkSelectors(objects)) },
    { name: 'what is named exists, and in time', findings: over(({ objects, outside }) => checkReferences(objects, outside)) },
    { name: 'pods: no rights, bounds, probes, images that stay', findings: over(({ objects }) => podTemplatesOf(objects).flatMap(checkPod)) },
    { name: 'every service takes its environment', findings: Promise.all(rendered.map(async (one) => (await checkSettings(one.objects)).map(({ at, says }) => ({ at: `${one.name}: ${at}`, says })))).then((found) => found.flat()) },
  ];
}

async function settingLimits(): Promise<Finding[]> {
  type Service = { properties: { settings: { properties: Record<string, SettingSchema> } } };
  const { properties } = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')) as { properties: Record<string, Service> };
  const found = await Promise.all(
    Object.entries(SERVICES).map(async ([key, app]) => {
      const settings = await settingsOf(app);
      return settings ? checkLimits(key, properties[key]?.properties.settings.properties ?? {}, settings.schema) : [];
    }),
  );
  return found.flat();
}

async function clashes(helm: string, file: string, rendered: Rendered[]): Promise<Finding[]> {
  const first = rendered.find(({ name }) => name === 'external')?.objects ?? [];
  const others = await Promise.all([
    renderChart(helm, file, { name: 'other', namespace: NAMESPACE }),
    renderChart(helm, file, { name: RELEASE, namespace: 'elsewhere' }),
    renderChart(helm, file, { name: `${RELEASE}-with-a-name-as-long-as-helm-takes-them-here-1`, namespace: NAMESPACE }),
    renderChart(helm, file, { name: `${RELEASE}-with-a-name-as-long-as-helm-takes-them-here-2`, namespace: NAMESPACE }),
  ]);
  const sets = [first, ...others.map(({ objects }) => objects)];
  return sets.flatMap((objects, index) => checkClashes(objects, sets.slice(index + 1).flat()));
}

runAsMain(import.meta.url, main);
