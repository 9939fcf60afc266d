import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { CHART, NAMESPACE, namesOutside, RELEASE, type Rendered } from './chart.ts';
import { askHelm } from './helm-program.ts';
import { type Finding, parseObjects } from './kube-object.ts';

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const some = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] });
const one = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const yes = fc.boolean();
/** Mostly one of those that go together; now and then the other. */
const mostly = <T>(right: fc.Arbitrary<T>, wrong: T): fc.Arbitrary<T> => fc.oneof({ weight: 49, arbitrary: right }, { weight: 1, arbitrary: fc.constant(wrong) });

const server = (url: string) => fc.oneof(fc.constant({ url }), fc.constant({ existingSecret: 'from-an-operator' }), fc.constant({ existingSecret: 'mine', existingSecretKey: 'address' }), fc.constant({ trial: true }));
const place = {
  podLabels: one({ team: 'voice' }),
  podAnnotations: one({ 'example.com/a': 'b: "c"' }),
  nodeSelector: one({ 'kubernetes.io/arch': 'amd64' }),
  tolerations: one([{ key: 'voice', operator: 'Exists' }]),
  affinity: one({ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] } }] } }),
  priorityClassName: one('voice'),
};
const logLevel = one('fatal', 'error', 'warn', 'info', 'debug', 'trace');
const replicas = fc.integer({ min: 1, max: 20 });

const PBXS = { a: { name: 'a', host: 'a.example.com', existingSecret: 'a' }, b: { name: 'b', host: '10.0.0.1', amiPort: 1, ariPort: 2, existingSecret: 'b' } };

/** How a PBX's sound gets out. */
const media = mostly<object>(one({}, { hostNetwork: true }, { hostPorts: true }, { hostNetwork: true, trunkUri: 'sip:carrier.example.com' }, { hostPorts: true, trunkUri: 'sip:10.0.0.1:5080' }), { trunkUri: 'sip:10.0.0.1' });

/** Values of an installation that somebody could have; most of them right, some refused for what does not go together. */
const installation = some({
  fullnameOverride: one('d', 'dialer', 'a-name-of-25-characters-xx'.slice(0, 25)),
  image: some({ tag: one('1.2.3-rc.4'), pullPolicy: one('Always', 'Never'), pullSecrets: one(['registry'], ['a', 'b']), digests: one({ asterisk: `sha256:${'0'.repeat(64)}` }) }),
  pbxs: mostly<object[]>(one([], [PBXS.a], [PBXS.a, PBXS.b]), [{ ...PBXS.a, name: 'pbx-0' }]),
  asterisk: some({
    replicas: mostly(fc.integer({ min: 1, max: 5 }), 0),
    sipPort: one(5060, 5080),
    rtpPorts: mostly(one({ first: 10_000, last: 10_003 }, { first: 65_530, last: 65_535 }), { first: 2000, last: 2000 }),
    existingSecret: one('', 'logins'),
    drainLimitSec: one(0, 86_400),
    updateStrategy: one('OnDelete', 'RollingUpdate'),
    ...place,
  }),
  gateway: some({
    replicas,
    settings: some({ importMaxBytes: one(1024, 17_179_869_184), logLevel }),
    ingress: mostly<object>(one({ enabled: true, host: 'x.example.com', tlsSecret: 'tls' }), { enabled: true }),
    httpRoute: mostly<object>(one({ enabled: true, parentRefs: [{ name: 'public' }] }), { enabled: true }),
    ...place,
  }),
  master: some({ replicas, settings: some({ tickMs: one(50, 60_000), lockTtlMs: one(500) }), existingConfigMap: one('more'), ...place }),
  campaignWorker: some({ replicas, autoscaling: mostly<object>(one({ kind: 'hpa' }, { kind: 'keda', prometheusUrl: 'http://prometheus' }), { kind: 'hpa', minReplicas: 20 }), ...place }),
  ariMonitor: some({ replicas, settings: some({ legacyEvents: one<'both' | false>('both', false), maxBuffered: one(2_000_000), trunkEndpoints: one(['a'], ['a', 'b', 'c']) }), storage: one({ size: '1Ti', className: 'fast' }), ...place }),
  monitoringWorker: some({ replicas, settings: some({ retentionDays: one(0, 36_500), timeZone: one('UTC', 'America/Manaus'), queueWrapUpSec: one(0, 30) }), ...place }),
  recordShipper: some({ settings: some({ pollMs: one(20, 1000) }) }),
  migrate: some({ timeoutSec: one(10), ...place }),
  logLevel,
  shutdownGraceSec: one(1, 600),
  otlpEndpoint: one('', 'http://collector:4318', 'https://collector.example.com/otlp'),
  priorityClass: some({ create: yes }),
  networkPolicy: some({ enabled: yes, serversAt: one([{ ipBlock: { cidr: '10.0.0.0/8' } }]), gatewayFrom: one([{ namespaceSelector: {} }]), metricsFrom: one([{ namespaceSelector: {} }], []) }),
  metrics: some({ serviceMonitor: one({ enabled: true }), dashboard: one({ enabled: true }) }),
  trial: one({ storage: { size: '1Gi', className: 'slow' } }),
});

const values = fc.record({ given: installation, media, postgresql: server('postgres://p'), redis: server('redis://r'), rabbitmq: server('amqp://m'), locks: maybe(one(['redis://1', 'redis://2', 'redis://3'])) });

/** What helm says when values are refused, by the schema or by a sentence of ours; an error of a template says something else. */
const REFUSED = /values don't meet the specifications of the schema|execution error at \(discador\/templates\/checks\.yaml/;

/** Renders values that nobody has looked at.
 *  @returns what was rendered, and what failed otherwise than by a refusal */
export async function renderUnseen(helm: string, count: number, seed: number): Promise<{ rendered: Rendered[]; refused: number; findings: Finding[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'discador-unseen-'));
  const result = { rendered: [] as Rendered[], refused: 0, findings: [] as Finding[] };
  try {
    for (const [index, { given, media: sound, redis, locks, ...servers }] of fc.sample(values, { numRuns: count, seed }).entries()) {
      const all = { ...given, ...servers, asterisk: { ...sound, ...given.asterisk }, redis: { ...redis, ...(locks ? { locks: { urls: locks } } : {}) } };
      const name = `unseen ${index + 1} of seed ${seed}`;
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, stringify(all));
      const { ok, stdout, stderr } = await askHelm(helm, ['template', RELEASE, CHART, '--namespace', NAMESPACE, '--values', file]);
      if (ok) result.rendered.push({ name, text: stdout, objects: parseObjects(stdout), outside: namesOutside(all) });
      else if (REFUSED.test(stderr)) result.refused += 1;
      else result.findings.push({ at: `${name}: ${JSON.stringify(all)}`, says: stderr.trim() });
    }
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
