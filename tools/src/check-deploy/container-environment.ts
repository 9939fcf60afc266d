import type { Container, KubeObject, PodTemplate } from './kube-object.ts';

export interface ContainerEnvironment {
  values: Record<string, string>;
  /** names of variables that are only there to be put into others, `$(NAME)` */
  parts: Set<string>;
  /** references to variables that are not there, or not yet */
  unresolved: string[];
}

/** What an outside Secret could hold: by its key, where operators write it under a name of theirs; else by the variable that it is for. */
const OUTSIDE: [RegExp, string][] = [
  [/^(uri|DATABASE_URL)$/, 'postgresql://discador:secret@outside-postgres:5432/discador'],
  [/^(url|REDIS_URL)$/, 'redis://:secret@outside-redis:6379'],
  [/^(urls|locks|REDIS_LOCKS)$/, 'redis://lock-1:6379,redis://lock-2:6379,redis://lock-3:6379'],
  [/^(connection_string|AMQP_URL)$/, 'amqp://discador:secret@outside-rabbitmq:5672/'],
];
const PASSWORD = 'secret';

/** The environment that a container would be given, as the kubelet makes it: first `envFrom`, then `env` in order, where `$(NAME)` is a variable
 *  from before it. Fields of the pod are those of its first replica. */
export function environmentOf(pod: PodTemplate, container: Container, objects: readonly KubeObject[]): ContainerEnvironment {
  const environment: ContainerEnvironment = { values: {}, parts: new Set(), unresolved: [] };
  for (const { configMapRef, secretRef } of container.envFrom) {
    if (configMapRef) Object.assign(environment.values, contentOf('ConfigMap', configMapRef.name, objects));
    if (secretRef) Object.assign(environment.values, contentOf('Secret', secretRef.name, objects));
  }
  for (const { name, value, valueFrom } of container.env) {
    if (valueFrom?.secretKeyRef) environment.values[name] = valueOf('Secret', valueFrom.secretKeyRef, objects) ?? outside(valueFrom.secretKeyRef.key, name);
    else if (valueFrom?.configMapKeyRef) environment.values[name] = valueOf('ConfigMap', valueFrom.configMapKeyRef, objects) ?? '';
    else if (valueFrom?.fieldRef) environment.values[name] = fieldOf(pod, valueFrom.fieldRef.fieldPath);
    else environment.values[name] = expand(value ?? '', environment);
  }
  return environment;
}

function expand(value: string, { values, parts, unresolved }: ContainerEnvironment): string {
  return value.replace(/\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, name: string) => {
    parts.add(name);
    if (values[name] === undefined) unresolved.push(name);
    return values[name] ?? whole;
  });
}

function contentOf(kind: string, name: string, objects: readonly KubeObject[]): Record<string, string> {
  const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
  const data = (found?.['data'] ?? {}) as Record<string, string>;
  const decoded = kind === 'Secret' ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])) : data;
  return { ...decoded, ...(found?.['stringData'] as Record<string, string> | undefined) };
}

const valueOf = (kind: string, { name, key }: { name: string; key: string }, objects: readonly KubeObject[]): string | undefined => contentOf(kind, name, objects)[key];

function outside(key: string, variable: string): string {
  const known = (name: string): string | undefined => OUTSIDE.find(([pattern]) => pattern.test(name))?.[1];
  return known(key) ?? known(variable) ?? PASSWORD;
}

function fieldOf({ owner }: PodTemplate, path: string): string {
  const ending = owner.kind === 'Deployment' ? '-6d4cf56db6-x2k9p' : owner.kind === 'StatefulSet' ? '-0' : '';
  if (path === 'metadata.name') return `${owner.metadata.name}${ending}`;
  if (path === "metadata.labels['apps.kubernetes.io/pod-index']") return '0';
  if (path === 'metadata.namespace') return owner.metadata.namespace ?? '';
  throw new Error(`the field ${path} of a pod is not known here`);
}
