import { type Finding, type KubeObject, nameOf, type PodTemplate, podTemplatesOf } from '../kube-object.ts';

type Labels = Record<string, string>;
interface Expression {
  key: string;
  operator: string;
  values?: string[];
}
interface Selector {
  matchLabels?: Labels;
  matchExpressions?: Expression[];
}

/** Whether labels are selected. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  const held = ({ key, operator, values = [] }: Expression): boolean => {
    const value = labels[key];
    if (operator === 'In') return value !== undefined && values.includes(value);
    if (operator === 'NotIn') return value === undefined || !values.includes(value);
    return (value !== undefined) === (operator === 'Exists');
  };
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(held);
}

/** Whatever selects pods must select the ones that it is for, and only those; and what it says about their ports must be true. */
export function checkSelectors(objects: readonly KubeObject[]): Finding[] {
  const pods = podTemplatesOf(objects);
  return objects.flatMap((object) => {
    const spec = (object['spec'] ?? {}) as Record<string, unknown>;
    const of = (says: string[]): Finding[] => says.map((one) => ({ at: nameOf(object), says: one }));
    if (object.kind === 'Deployment' || object.kind === 'StatefulSet') return of(ownsOne(spec['selector'] as Selector, object, pods));
    if (object.kind === 'PodDisruptionBudget') return of(exactlyOne(spec['selector'] as Selector, pods));
    if (object.kind === 'Service') return of(serves(spec, pods));
    if (object.kind === 'NetworkPolicy') return of(guards(spec, pods));
    if (object.kind === 'ServiceMonitor') return of(scrapes(spec, objects));
    return [];
  });
}

function ownsOne(selector: Selector, owner: KubeObject, pods: readonly PodTemplate[]): string[] {
  const selected = pods.filter(({ labels }) => selects(selector, labels));
  const own = selected.some((pod) => pod.owner === owner);
  const others = selected.filter((pod) => pod.owner !== owner).map((pod) => `selects the pods of ${nameOf(pod.owner)} too`);
  return [...(own ? [] : ['does not select its own pods: selector and labels differ']), ...others];
}

function exactlyOne(selector: Selector, pods: readonly PodTemplate[]): string[] {
  const count = pods.filter(({ labels }) => selects(selector, labels)).length;
  return count === 1 ? [] : [`selects the pods of ${count} workloads instead of one`];
}

function serves(spec: Record<string, unknown>, pods: readonly PodTemplate[]): string[] {
  const selected = pods.filter(({ labels }) => selects({ matchLabels: spec['selector'] as Labels }, labels));
  if (selected.length !== 1) return [`selects the pods of ${selected.length} workloads instead of one`];
  const named = new Set(selected.flatMap(({ containers }) => containers.flatMap(({ ports }) => ports.map(({ name }) => name))));
  const ports = spec['ports'] as { name?: string; targetPort?: string | number }[];
  return [
    ...ports.filter(({ name }) => !name).map(({ targetPort }) => `its port to ${targetPort} has no name`),
    ...ports.filter(({ targetPort }) => typeof targetPort !== 'string' || !named.has(targetPort)).map(({ targetPort }) => `leads to port ${targetPort}, which the pods do not name`),
  ];
}

interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
}
interface Rule {
  from?: Peer[];
  ports?: { port?: string | number }[];
}

/** A policy for nobody guards nothing; one that names a port or a peer that is not there allows nothing. */
function guards(spec: Record<string, unknown>, pods: readonly PodTemplate[]): string[] {
  const chosen = pods.filter(({ labels }) => selects(spec['podSelector'] as Selector, labels));
  const named = new Set(chosen.flatMap(({ containers }) => containers.flatMap(({ ports }) => ports.map(({ name }) => name))));
  const ingress = (spec['ingress'] ?? []) as Rule[];
  const egress = (spec['egress'] ?? []) as { to?: Peer[] }[];
  const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)];
  const own = peers.filter(({ podSelector, namespaceSelector }) => podSelector?.matchLabels?.['app.kubernetes.io/instance'] && !namespaceSelector);
  return [
    ...(chosen.length === 0 ? ['is for no pod of the release'] : []),
    ...own.filter(({ podSelector }) => !pods.some(({ labels }) => selects(podSelector ?? {}, labels))).map(() => 'names a peer in the release that is not there'),
    ...ingress.flatMap(({ ports = [] }) => ports).filter(({ port }) => typeof port === 'string' && !named.has(port)).map(({ port }) => `allows port ${port}, which its pods do not name`),
  ];
}

function scrapes(spec: Record<string, unknown>, objects: readonly KubeObject[]): string[] {
  const services = objects.filter(({ kind, metadata }) => kind === 'Service' && selects(spec['selector'] as Selector, metadata.labels));
  const names = new Set(services.flatMap((service) => ((service['spec'] as { ports: { name?: string }[] }).ports ?? []).map(({ name }) => name)));
  const endpoints = spec['endpoints'] as { port: string }[];
  return [...(services.length === 0 ? ['selects no Service'] : []), ...endpoints.filter(({ port }) => !names.has(port)).map(({ port }) => `asks port ${port}, which no Service has`)];
}
