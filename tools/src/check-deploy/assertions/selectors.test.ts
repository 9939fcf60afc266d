import { broken, goldenObjects } from '../testing/golden-objects.ts';
import { checkSelectors, selects } from './selectors.ts';

const COMPONENT = 'app.kubernetes.io/component';
const OURS = { 'app.kubernetes.io/name': 'discador', 'app.kubernetes.io/instance': 'demo' };

test.each(['external', 'trial', 'operators', 'outside-pbxs', 'exposed', 'settings'])('the rendering "%s" is fine', (name) => {
  expect(checkSelectors(goldenObjects(name))).toEqual([]);
});

test.each([
  ['a selector unlike the labels', 'external', 'Deployment', 'gateway', 'spec.selector.matchLabels', { [COMPONENT]: 'gatway' }, /does not select its own pods/],
  ['a selector for everyone', 'external', 'Deployment', 'gateway', 'spec.selector', { matchLabels: OURS }, /selects the pods of Deployment demo-discador-master too/],
  ['a Service for nobody', 'external', 'Service', 'gateway', 'spec.selector', { [COMPONENT]: 'web' }, /pods of 0 workloads/],
  ['a Service that leads nowhere', 'external', 'Service', 'gateway', 'spec.ports.0', { targetPort: 'web' }, /leads to port web/],
  ['a Service by number', 'external', 'Service', 'gateway', 'spec.ports.0', { targetPort: 3000 }, /leads to port 3000/],
  ['a port without a name', 'external', 'Service', 'gateway', 'spec.ports.0', { name: undefined }, /has no name/],
  ['a budget for several', 'external', 'PodDisruptionBudget', 'master', 'spec.selector', { matchLabels: OURS }, /instead of one/],
  ['a policy for nobody', 'external', 'NetworkPolicy', 'gateway', 'spec.podSelector.matchLabels', { [COMPONENT]: 'web' }, /for no pod/],
  ['a policy for a port that is not there', 'external', 'NetworkPolicy', 'gateway', 'spec.ingress.0.ports.0', { port: 'web' }, /allows port web/],
  ['a policy for a peer that is not there', 'external', 'NetworkPolicy', 'test', 'spec.egress.0.to.0.podSelector', { matchLabels: { ...OURS, [COMPONENT]: 'web' } }, /names a peer/],
  ['metrics of nobody', 'operators', 'ServiceMonitor', 'discador', 'spec.selector.matchLabels', { 'app.kubernetes.io/instance': 'other' }, /selects no Service/],
  ['metrics at no port', 'operators', 'ServiceMonitor', 'discador', 'spec.endpoints.0', { port: 'metrics' }, /asks port metrics/],
])('%s is found', (_name, golden, kind, component, path, change, says) => {
  const findings = checkSelectors(broken(golden, kind, component, path, change));
  expect(findings.map((finding) => finding.says).join('\n')).toMatch(says);
});

test('expressions select as Kubernetes does', () => {
  const labels = { tier: 'web' };
  const selected = (key: string, operator: string, values?: string[]): boolean => selects({ matchExpressions: [{ key, operator, ...(values ? { values } : {}) }] }, labels);
  expect([selected('tier', 'In', ['web']), selected('tier', 'In', ['db']), selected('zone', 'In', ['a'])]).toEqual([true, false, false]);
  expect([selected('tier', 'NotIn', ['web']), selected('zone', 'NotIn', ['a'])]).toEqual([false, true]);
  expect([selected('tier', 'Exists'), selected('zone', 'Exists'), selected('zone', 'DoesNotExist')]).toEqual([true, false, true]);
});
