import { type Finding, type KubeObject, nameOf } from '../kube-object.ts';

/** What a ReplicaSet's hash and a pod's own five letters add to a Deployment's name; `REPLICA` takes 60 characters. */
const POD_SUFFIX = { Deployment: 17, StatefulSet: 4, Job: 6 } as const;
const REPLICA_CHARACTERS = 60;
const CLUSTER_WIDE = ['PriorityClass'];

export function checkNames(objects: readonly KubeObject[], namespace: string): Finding[] {
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const twins = objects.filter((one) => one.kind === kind && one.metadata.name === metadata.name).length;
    const suffix = POD_SUFFIX[kind as keyof typeof POD_SUFFIX] ?? 0;
    const inPlace = CLUSTER_WIDE.includes(kind) ? metadata.namespace === undefined : metadata.namespace === namespace;
    return [
      ...(twins > 1 ? ['is there twice'] : []),
      ...(metadata.name.length + suffix > REPLICA_CHARACTERS && suffix > 0 ? ['its pods’ names are longer than a REPLICA may be'] : []),
      ...(inPlace ? [] : ['is in another namespace than the release']),
      ...(metadata.labels['app.kubernetes.io/instance'] ? [] : ['does not say whose it is (app.kubernetes.io/instance)']),
    ].map((says) => ({ at: nameOf(object), says }));
  });
}

/** Two releases in one cluster: nothing of the one may bear the name of the other's. @param others  of another release, perhaps in another namespace */
export function checkClashes(objects: readonly KubeObject[], others: readonly KubeObject[]): Finding[] {
  const key = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
  const taken = new Set(others.map(key));
  return objects.filter((object) => taken.has(key(object))).map((object) => ({ at: nameOf(object), says: 'two releases would both own it' }));
}
