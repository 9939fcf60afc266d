import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { PriorityClass } from 'kubernetes-models/scheduling.k8s.io/v1/PriorityClass';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Pod } from 'kubernetes-models/v1/Pod';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { z } from 'zod';

type Model = new (data: never) => { validate(): void };

/** The kinds of Kubernetes itself that the chart may use, each in the one version that is served today and not deprecated. The package that
 *  validates them knows dead versions too. */
export const KUBERNETES_KINDS: Record<string, Model> = {
  'apps/v1 Deployment': Deployment,
  'apps/v1 StatefulSet': StatefulSet,
  'autoscaling/v2 HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'batch/v1 Job': Job,
  'networking.k8s.io/v1 Ingress': Ingress,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'scheduling.k8s.io/v1 PriorityClass': PriorityClass,
  'v1 ConfigMap': ConfigMap,
  'v1 Pod': Pod,
  'v1 Secret': Secret,
  'v1 Service': Service,
  'v1 ServiceAccount': ServiceAccount,
};

const strings = z.record(z.string(), z.string());
const metadata = z.strictObject({ name: z.string(), namespace: z.string(), labels: strings, annotations: strings.optional() });
const duration = z.string().regex(/^[0-9]+(ms|s|m)$/);
const trigger = z.strictObject({ type: z.enum(['cpu', 'prometheus']), metricType: z.literal('Utilization').optional(), metadata: strings });

/** Kinds that others bring to a cluster, with what the chart uses of them and nothing else. */
export const FOREIGN_KINDS: Record<string, z.ZodType> = {
  'monitoring.coreos.com/v1 ServiceMonitor': z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata,
    spec: z.strictObject({
      selector: z.strictObject({ matchLabels: strings }),
      endpoints: z.array(z.strictObject({ port: z.string(), path: z.string(), interval: duration, honorLabels: z.boolean() })).min(1),
    }),
  }),
  'keda.sh/v1alpha1 ScaledObject': z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata,
    spec: z.strictObject({
      scaleTargetRef: z.strictObject({ apiVersion: z.literal('apps/v1'), kind: z.literal('Deployment'), name: z.string() }),
      minReplicaCount: z.int(),
      maxReplicaCount: z.int(),
      pollingInterval: z.int(),
      cooldownPeriod: z.int(),
      triggers: z.array(trigger).min(1),
    }),
  }),
  'gateway.networking.k8s.io/v1 HTTPRoute': z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata,
    spec: z.strictObject({
      parentRefs: z.array(z.looseObject({ name: z.string() })).min(1),
      hostnames: z.array(z.string()).optional(),
      rules: z.array(
        z.strictObject({
          matches: z.array(z.strictObject({ path: z.strictObject({ type: z.literal('PathPrefix'), value: z.string() }) })),
          timeouts: z.strictObject({ request: duration }),
          backendRefs: z.array(z.strictObject({ name: z.string(), port: z.int() })),
        }),
      ),
    }),
  }),
};
