import { type Finding, type KubeObject, nameOf, type PodTemplate, podTemplatesOf } from '../kube-object.ts';

interface Reference {
  kind: string;
  name: string;
  key?: string | undefined;
}

/** What an object names must be in the release, or be one of those that the values say are there already (`outside`); and be there in time: what
 *  a hook before the installation needs must itself be made before it. */
export function checkReferences(objects: readonly KubeObject[], outside: ReadonlySet<string>): Finding[] {
  const find = (kind: string, name: string): KubeObject | undefined => objects.find((one) => one.kind === kind && one.metadata.name === name);
  const fromPods = podTemplatesOf(objects).flatMap((pod) =>
    referencesOf(pod).flatMap((reference) => {
      const found = find(reference.kind, reference.name);
      const says = found ? wrongWith(found, reference, pod.owner) : outside.has(reference.name) ? null : `names ${reference.kind} ${reference.name}, which is neither in the release nor in the values`;
      return says === null ? [] : [{ at: nameOf(pod.owner), says }];
    }),
  );
  return [...fromPods, ...objects.flatMap((object) => besides(object, find).map((says) => ({ at: nameOf(object), says })))];
}

function referencesOf({ spec, containers }: PodTemplate): Reference[] {
  return [
    ...(spec.serviceAccountName === undefined ? [] : [{ kind: 'ServiceAccount', name: spec.serviceAccountName }]),
    ...spec.volumes.flatMap(({ configMap, secret }) => [
      ...(configMap ? [{ kind: 'ConfigMap', name: configMap.name }] : []),
      ...(secret ? [{ kind: 'Secret', name: secret.secretName }] : []),
    ]),
    ...containers.flatMap(({ env, envFrom }) => [
      ...env.flatMap(({ valueFrom }) => (valueFrom?.secretKeyRef ? [{ kind: 'Secret', ...valueFrom.secretKeyRef }] : [])),
      ...env.flatMap(({ valueFrom }) => (valueFrom?.configMapKeyRef ? [{ kind: 'ConfigMap', ...valueFrom.configMapKeyRef }] : [])),
      ...envFrom.flatMap(({ configMapRef, secretRef }) => [...(configMapRef ? [{ kind: 'ConfigMap', name: configMapRef.name }] : []), ...(secretRef ? [{ kind: 'Secret', name: secretRef.name }] : [])]),
    ]),
  ];
}

function wrongWith(found: KubeObject, { kind, name, key }: Reference, owner: KubeObject): string | null {
  const keys = Object.keys({ ...(found['data'] as object | undefined), ...(found['stringData'] as object | undefined) });
  if (key !== undefined && !keys.includes(key)) return `${kind} ${name} has no key ${key}`;
  return isThereInTime(found, owner) ? null : `needs ${kind} ${name} before the installation, which makes it only later: it must be a hook of a lower weight`;
}

const hooksOf = ({ metadata }: KubeObject): string[] => metadata.annotations['helm.sh/hook']?.split(',') ?? [];
const weightOf = ({ metadata }: KubeObject): number => Number(metadata.annotations['helm.sh/hook-weight'] ?? 0);

function isThereInTime(found: KubeObject, owner: KubeObject): boolean {
  const first = hooksOf(owner).includes('pre-install');
  if (hooksOf(found).length === 0) return !first;
  return !first || (hooksOf(found).includes('pre-install') && weightOf(found) < weightOf(owner));
}

/** References of objects that make no pods. */
function besides(object: KubeObject, find: (kind: string, name: string) => KubeObject | undefined): string[] {
  const spec = (object['spec'] ?? {}) as Record<string, unknown>;
  if (object.kind === 'StatefulSet') {
    const service = find('Service', String(spec['serviceName']));
    return (service?.['spec'] as { clusterIP?: string } | undefined)?.clusterIP === 'None' ? [] : [`serviceName ${String(spec['serviceName'])} is no headless Service of the release`];
  }
  if (object.kind === 'HorizontalPodAutoscaler' || object.kind === 'ScaledObject') {
    const { kind, name } = spec['scaleTargetRef'] as { kind: string; name: string };
    const target = find(kind, name);
    if (!target) return [`scales ${kind} ${name}, which is not there`];
    return (target['spec'] as { replicas?: number }).replicas === undefined ? [] : [`${kind} ${name} has replicas of its own: each upgrade would set them back`];
  }
  if (object.kind === 'Ingress') return backendsOf(spec).filter((name) => !find('Service', name)).map((name) => `leads to Service ${name}, which is not there`);
  if (object.kind === 'HTTPRoute') {
    const rules = spec['rules'] as { backendRefs: { name: string }[] }[];
    return rules.flatMap(({ backendRefs }) => backendRefs).filter(({ name }) => !find('Service', name)).map(({ name }) => `leads to Service ${name}, which is not there`);
  }
  return [];
}

function backendsOf(spec: Record<string, unknown>): string[] {
  const rules = spec['rules'] as { http: { paths: { backend: { service: { name: string } } }[] } }[];
  return rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service.name));
}
