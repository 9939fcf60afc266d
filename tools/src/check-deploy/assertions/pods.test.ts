import { podTemplatesOf } from '../kube-object.ts';
import { broken, goldenObjects } from '../testing/golden-objects.ts';
import { checkPod } from './pods.ts';

const POD = 'spec.template.spec';
const FIRST = `${POD}.containers.0`;

test.each(['external', 'trial', 'operators', 'settings'])('the rendering "%s" is fine', (name) => {
  expect(podTemplatesOf(goldenObjects(name)).flatMap(checkPod)).toEqual([]);
});

test.each([
  ['a token', POD, { automountServiceAccountToken: true }, /service account token/],
  ['root', POD, { securityContext: { runAsNonRoot: true, runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } } }, /may run as root/],
  ['no seccomp profile', `${POD}.securityContext`, { seccompProfile: { type: 'Unconfined' } }, /seccompProfile/],
  ['a writable root', `${FIRST}.securityContext`, { readOnlyRootFilesystem: false }, /readOnlyRootFilesystem/],
  ['privileges to gain', `${FIRST}.securityContext`, { allowPrivilegeEscalation: true }, /allowPrivilegeEscalation/],
  ['privileged', `${FIRST}.securityContext`, { privileged: true }, /is privileged/],
  ['a capability', `${FIRST}.securityContext`, { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } }, /keeps capabilities/],
  ['a moving tag', FIRST, { image: 'ghcr.io/discador/gateway:latest' }, /another one tomorrow/],
  ['no tag', FIRST, { image: 'registry.example.com:5000/gateway' }, /another one tomorrow/],
  ['no requests', `${FIRST}.resources`, { requests: { cpu: '1' } }, /requests no cpu or no memory/],
  ['no limit of memory', `${FIRST}.resources`, { limits: {} }, /no limit of memory/],
  ['no liveness probe', FIRST, { livenessProbe: undefined }, /no liveness probe/],
  ['no startup probe', FIRST, { startupProbe: undefined }, /no startup probe/],
  ['a probe of no port', `${FIRST}.readinessProbe`, { httpGet: { path: '/health/ready', port: 'web' } }, /readinessProbe asks port web/],
  ['a probe by number', `${FIRST}.readinessProbe`, { httpGet: { path: '/health/ready', port: 3000 } }, /readinessProbe asks port 3000/],
  ['a port without a name', `${FIRST}.ports.0`, { name: undefined }, /port 3000 has no name/],
  ['a port with too long a name', `${FIRST}.ports.0`, { name: 'the-port-for-http' }, /no name, or one that is none/],
  ['a mount of nothing', `${FIRST}.volumeMounts.0`, { name: 'exports' }, /mounts exports, which is no volume/],
  ['a volume for nobody', POD, { volumes: [{ name: 'imports' }, { name: 'spare' }] }, /a volume spare that nobody mounts/],
])('%s is found', (_name, path, change, says) => {
  const findings = podTemplatesOf(broken('external', 'Deployment', 'gateway', path, change)).flatMap(checkPod);
  expect(findings.map((finding) => finding.says).join('\n')).toMatch(says);
  expect(findings[0]?.at).toContain('Deployment demo-discador-gateway');
});

test('two ports of one name or number are found', () => {
  const ports = [{ name: 'ami', containerPort: 5038 }, { name: 'ami', containerPort: 5038 }];
  const findings = podTemplatesOf(broken('external', 'StatefulSet', 'asterisk', FIRST, { ports })).flatMap(checkPod);
  expect(findings.map(({ says }) => says)).toEqual(expect.arrayContaining(['two ports are called ami', 'two ports are TCP 5038']));
});
