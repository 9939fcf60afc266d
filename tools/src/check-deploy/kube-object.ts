import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const strings = z.record(z.string(), z.string());

/** As much of an object as every kind has. The rest is read where it is looked at. */
const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), labels: strings.default({}), annotations: strings.default({}) }),
});

const variable = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .looseObject({
      secretKeyRef: z.looseObject({ name: z.string(), key: z.string() }).optional(),
      configMapKeyRef: z.looseObject({ name: z.string(), key: z.string() }).optional(),
      fieldRef: z.looseObject({ fieldPath: z.string() }).optional(),
    })
    .optional(),
});

const port = z.union([z.string(), z.number()]);
const probe = z.looseObject({
  httpGet: z.looseObject({ path: z.string(), port }).optional(),
  tcpSocket: z.looseObject({ port }).optional(),
  exec: z.looseObject({ command: z.array(z.string()) }).optional(),
});

const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  restartPolicy: z.string().optional(),
  ports: z.array(z.looseObject({ name: z.string().optional(), containerPort: z.number(), protocol: z.string().optional() })).default([]),
  env: z.array(variable).default([]),
  envFrom: z.array(z.looseObject({ configMapRef: z.looseObject({ name: z.string() }).optional(), secretRef: z.looseObject({ name: z.string() }).optional() })).default([]),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  resources: z.looseObject({ requests: strings.default({}), limits: strings.default({}) }).optional(),
  securityContext: z.looseObject({}).optional(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() })).default([]),
});

const podSchema = z.looseObject({
  serviceAccountName: z.string().optional(),
  automountServiceAccountToken: z.boolean().optional(),
  hostNetwork: z.boolean().optional(),
  terminationGracePeriodSeconds: z.number().optional(),
  securityContext: z.looseObject({}).optional(),
  initContainers: z.array(containerSchema).default([]),
  containers: z.array(containerSchema),
  volumes: z.array(z.looseObject({ name: z.string(), configMap: z.looseObject({ name: z.string() }).optional(), secret: z.looseObject({ secretName: z.string() }).optional() })).default([]),
});

export type KubeObject = z.infer<typeof objectSchema>;
export type Container = z.infer<typeof containerSchema>;
export type Probe = z.infer<typeof probe>;

/** A pod, or what an object makes pods of. */
export interface PodTemplate {
  owner: KubeObject;
  labels: Record<string, string>;
  spec: z.infer<typeof podSchema>;
  /** all of them, those that begin before the others included */
  containers: Container[];
  /** claims of a StatefulSet, which are volumes too */
  claims: string[];
}

/** The objects of a rendered chart, in its order.
 *  @throws Error when it is no YAML, a key comes twice, or something in it is no object */
export function parseObjects(rendered: string): KubeObject[] {
  return parseAllDocuments(rendered, { uniqueKeys: true })
    .map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS() as unknown;
    })
    .filter((object) => object !== null)
    .map((object) => objectSchema.parse(object));
}

export const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.name}`;

const workload = z.looseObject({
  template: z.looseObject({ metadata: z.looseObject({ labels: strings.default({}) }), spec: podSchema }),
  volumeClaimTemplates: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })).default([]),
});

/** What an object makes pods of; null for one that makes none. */
export function podTemplateOf(object: KubeObject): PodTemplate | null {
  if (object.kind === 'Pod') return template(object, object.metadata.labels, podSchema.parse(object['spec']), []);
  if (!['Deployment', 'StatefulSet', 'Job'].includes(object.kind)) return null;
  const { template: made, volumeClaimTemplates } = workload.parse(object['spec']);
  return template(object, made.metadata.labels, made.spec, volumeClaimTemplates.map(({ metadata }) => metadata.name));
}

function template(owner: KubeObject, labels: Record<string, string>, spec: z.infer<typeof podSchema>, claims: string[]): PodTemplate {
  return { owner, labels, spec, containers: [...spec.initContainers, ...spec.containers], claims };
}

export const podTemplatesOf = (objects: readonly KubeObject[]): PodTemplate[] => objects.map(podTemplateOf).filter((made) => made !== null);

/** What is wrong, and where. */
export interface Finding {
  /** e.g. `Deployment demo-discador-gateway` */
  at: string;
  says: string;
}
