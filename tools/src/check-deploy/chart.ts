import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { EXIT, StackError } from '../stack/stack-error.ts';
import { REPO_ROOT } from '../stack/home.ts';
import { askHelm } from './helm-program.ts';
import { type KubeObject, parseObjects } from './kube-object.ts';

export const CHART = join(REPO_ROOT, 'deploy', 'helm', 'discador');
export const RELEASE = 'demo';
export const NAMESPACE = 'voice';

/** A values file and what the chart makes of it. */
export interface Rendered {
  /** e.g. `trial` */
  name: string;
  text: string;
  objects: KubeObject[];
  /** names that the values give of objects which are there already */
  outside: Set<string>;
}

export interface Release {
  name: string;
  namespace: string;
}

/** Renders the chart with a values file.
 *  @throws StackError (1) with what helm says */
export async function renderChart(helm: string, file: string, release: Release = { name: RELEASE, namespace: NAMESPACE }): Promise<Rendered> {
  const { ok, stdout, stderr } = await askHelm(helm, ['template', release.name, CHART, '--namespace', release.namespace, '--values', file]);
  const name = /([^/]+)-values\.yaml$/.exec(file)?.[1] ?? file;
  if (!ok) throw new StackError(`The chart does not render with the values "${name}"`, EXIT.failed, stderr.trim());
  return { name, text: stdout, objects: parseObjects(stdout), outside: namesOutside(parse(readFileSync(file, 'utf8'))) };
}

/** Every value called `existing…`, and the names of pull secrets, anywhere in the values. */
export function namesOutside(values: unknown): Set<string> {
  if (Array.isArray(values)) return new Set(values.flatMap((one) => [...namesOutside(one)]));
  if (typeof values !== 'object' || values === null) return new Set();
  return new Set(
    Object.entries(values).flatMap(([key, value]) => {
      if (key.startsWith('existing') && typeof value === 'string') return [value];
      if (key === 'pullSecrets' && Array.isArray(value)) return value.filter((one) => typeof one === 'string');
      return [...namesOutside(value)];
    }),
  );
}
