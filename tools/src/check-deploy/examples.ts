import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { REPO_ROOT } from '../stack/home.ts';
import { checkReferences } from './assertions/references.ts';
import { checkSelectors } from './assertions/selectors.ts';
import { CHART, NAMESPACE, RELEASE } from './chart.ts';
import { askHelm } from './helm-program.ts';
import { type Finding, type KubeObject, parseObjects } from './kube-object.ts';
import { unknownFields } from './known-fields.ts';
import { KUBERNETES_KINDS } from './live-kinds.ts';
import { validateObjects } from './validate-objects.ts';

/** The objects of the examples that are Kubernetes' own; those of operators can only be read here. */
export function checkExamples(): Finding[] {
  const folder = join(CHART, 'examples');
  return readdirSync(folder).flatMap((name) => {
    const known = parseObjects(readFileSync(join(folder, name), 'utf8')).filter(isKnown);
    const findings = [...validateObjects(known), ...unknownFields(known), ...checkSelectors(known), ...checkReferences(known, new Set())];
    return findings.map(({ at, says }) => ({ at: `examples/${name}: ${at}`, says }));
  });
}

const isKnown = ({ apiVersion, kind }: KubeObject): boolean => KUBERNETES_KINDS[`${apiVersion} ${kind}`] !== undefined;

const application = z.looseObject({ spec: z.looseObject({ source: z.looseObject({ helm: z.looseObject({ valuesObject: z.record(z.string(), z.unknown()) }) }) }) });

/** Whether the chart takes the values in the example of an ArgoCD Application. */
export async function checkApplication(helm: string): Promise<Finding[]> {
  const at = 'deploy/argocd/application.yaml';
  const [object] = parseObjects(readFileSync(join(REPO_ROOT, at), 'utf8'));
  const { valuesObject } = application.parse(object).spec.source.helm;
  const folder = mkdtempSync(join(tmpdir(), 'discador-values-'));
  try {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, stringify(valuesObject));
    const { ok, stdout, stderr } = await askHelm(helm, ['template', RELEASE, CHART, '--namespace', NAMESPACE, '--values', file]);
    if (!ok) return [{ at, says: stderr.trim() }];
    const made = parseObjects(stdout).filter(({ metadata }) => metadata.name.endsWith('-passwords'));
    return made.map(({ metadata }) => ({ at, says: `leaves ${metadata.name} to the chart, which ArgoCD would make anew at each sync` }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
