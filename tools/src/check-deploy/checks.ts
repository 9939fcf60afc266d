import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import { settingsOf } from './app-settings.ts';
import { checkClashes, checkNames } from './assertions/names.ts';
import { checkPod } from './assertions/pods.ts';
import { checkReferences } from './assertions/references.ts';
import { checkSelectors } from './assertions/selectors.ts';
import { checkLimits, type SettingSchema } from './assertions/setting-limits.ts';
import { checkSettings } from './assertions/settings.ts';
import { CHART, NAMESPACE, RELEASE, renderChart, type Rendered } from './chart.ts';
import { checkCompose } from './compose.ts';
import { checkDockerfile } from './dockerfiles.ts';
import { checkApplication, checkExamples } from './examples.ts';
import { compareGolden, readGolden } from './golden.ts';
import { askHelm } from './helm-program.ts';
import { type Finding, podTemplatesOf } from './kube-object.ts';
import { unknownFields } from './known-fields.ts';
import { checkMetricNames, knownMetrics } from './metric-names.ts';
import { validateObjects } from './validate-objects.ts';
import { checkWorkflow } from './workflows.ts';
import { renderUnseen } from './unseen-values.ts';
import { tryWrongValues, WRONG_VALUES } from './wrong-values.ts';

/** One line of the result. */
export interface Check {
  name: string;
  run(): Finding[] | Promise<Finding[]>;
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

/** The same ones in each run, unless FAST_CHECK_SEED says otherwise. */
const UNSEEN = { count: 12, seed: 1 };

const read = (path: string): string => readFileSync(join(REPO_ROOT, path), 'utf8');

/** Everything that is looked at without a cluster, and without Docker.
 *  @param files  the values files
 *  @param rendered  what the chart makes of them, in their order */
export function allChecks(helm: string, files: readonly string[], rendered: readonly Rendered[]): Check[] {
  return [...chartChecks(helm, files, rendered), ...objectChecks(rendered), ...otherChecks(helm)];
}

function chartChecks(helm: string, files: readonly string[], rendered: readonly Rendered[]): Check[] {
  const right = files[rendered.findIndex(({ name }) => name === 'external')] ?? '';
  return [
    { name: 'the chart is well-formed (helm lint)', run: () => lint(helm, files) },
    { name: `${rendered.length} values files render as they were committed (golden/)`, run: () => rendered.flatMap((one) => compareGolden(readGolden(one.name), one)) },
    { name: `${WRONG_VALUES.length} wrong values are refused with a message`, run: () => tryWrongValues(helm, right) },
    { name: 'the limits of settings are the services’ own', run: settingLimits },
    { name: 'releases side by side do not clash', run: () => clashes(helm, right) },
    { name: 'examples, the ArgoCD Application among them', run: async () => [...checkExamples(), ...(await checkApplication(helm))] },
  ];
}

function objectChecks(rendered: readonly Rendered[]): Check[] {
  const all = rendered.flatMap(({ objects }) => objects);
  const over = (name: string, check: (one: Rendered) => Finding[] | Promise<Finding[]>): Check => ({ name, run: () => inEach(rendered, check) });
  return [
    over(`${all.length} objects are valid, of kinds that clusters serve`, ({ objects }) => validateObjects(objects)),
    { name: '… and have no field that Kubernetes does not know', run: () => unknownFields(all) },
    over('names are unique, short enough, in their namespace', ({ objects }) => checkNames(objects, NAMESPACE)),
    over('selectors select what they are for; ports are named and there', ({ objects }) => checkSelectors(objects)),
    over('what is named exists, and in time', ({ objects, outside }) => checkReferences(objects, outside)),
    over('pods have no rights, have bounds and probes, and images that stay', ({ objects }) => podTemplatesOf(objects).flatMap(checkPod)),
    over('every service takes its environment', ({ objects }) => checkSettings(objects)),
  ];
}

/** The same with values that nobody has looked at: they render into what is right, or are refused with a message. */
async function unseenValues(helm: string): Promise<Finding[]> {
  const seed = Number(process.env['FAST_CHECK_SEED'] ?? UNSEEN.seed);
  const { rendered, refused, findings } = await renderUnseen(helm, UNSEEN.count, seed);
  if (refused > UNSEEN.count / 2) findings.push({ at: `seed ${seed}`, says: `${refused} of ${UNSEEN.count} were refused: the others show little` });
  for (const { run } of objectChecks(rendered)) findings.push(...(await run()));
  return findings;
}

function otherChecks(helm: string): Check[] {
  const workflows = readdirSync(join(REPO_ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
  const asking = ['deploy/helm/discador/files/dashboard.json', 'deploy/helm/discador/templates/autoscaling.yaml'];
  return [
    { name: `${UNSEEN.count} values files never seen render into the same, or are refused`, run: () => unseenValues(helm) },
    { name: 'Dockerfiles', run: () => ['docker/Dockerfile', 'docker/asterisk.Dockerfile'].flatMap((file) => checkDockerfile(file, read(file), REPO_ROOT)) },
    { name: 'compose file', run: () => checkCompose(join(REPO_ROOT, 'docker/compose.yaml'), read('docker/compose.yaml'), join(REPO_ROOT, 'docker/make-secrets.sh')) },
    { name: 'dashboard and scaling ask for metrics that are there', run: () => asking.flatMap((file) => checkMetricNames(file, read(file), knownMetrics())) },
    { name: `${workflows.length} workflows`, run: () => workflows.flatMap((file) => checkWorkflow(file, read(file), scripts)) },
  ];
}

/** @returns the findings of each rendering, with its name before them */
async function inEach(rendered: readonly Rendered[], check: (one: Rendered) => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  const found = rendered.map(async (one) => (await check(one)).map(({ at, says }) => ({ at: `${one.name}: ${at}`, says })));
  return (await Promise.all(found)).flat();
}

async function lint(helm: string, files: readonly string[]): Promise<Finding[]> {
  const answers = await Promise.all(files.map(async (file) => ({ file, ...(await askHelm(helm, ['lint', CHART, '--strict', '--quiet', '--values', file])) })));
  return answers.filter(({ ok }) => !ok).map(({ file, stdout, stderr }) => ({ at: file, says: `${stdout}${stderr}`.trim() }));
}

async function settingLimits(): Promise<Finding[]> {
  type Service = { properties: { settings: { properties: Record<string, SettingSchema> } } };
  const { properties } = JSON.parse(read('deploy/helm/discador/values.schema.json')) as { properties: Record<string, Service> };
  const found = Object.entries(SERVICES).map(async ([key, app]) => {
    const settings = await settingsOf(app);
    return settings ? checkLimits(key, properties[key]?.properties.settings.properties ?? {}, settings.schema) : [{ at: key, says: `there is no app ${app}` }];
  });
  return (await Promise.all(found)).flat();
}

/** Releases that differ in their namespace alone, in their name alone, and in the end of a name that is too long to be kept whole. */
async function clashes(helm: string, file: string): Promise<Finding[]> {
  const long = `${RELEASE}-with-a-name-as-long-as-helm-takes-them-here-`;
  const releases = [
    { name: RELEASE, namespace: NAMESPACE },
    { name: RELEASE, namespace: 'elsewhere' },
    { name: 'other', namespace: NAMESPACE },
    { name: `${long}1`, namespace: NAMESPACE },
    { name: `${long}2`, namespace: NAMESPACE },
  ];
  const sets = (await Promise.all(releases.map((release) => renderChart(helm, file, release)))).map(({ objects }) => objects);
  return sets.flatMap((objects, index) => checkClashes(objects, sets.slice(index + 1).flat()));
}
