import { unknownFields } from './known-fields.ts';
import { broken, goldenObjects } from './testing/golden-objects.ts';
import { validateObjects } from './validate-objects.ts';

const FIRST = 'spec.template.spec.containers.0';

test.each(['exposed', 'operators'])('the rendering "%s" is valid', (name) => {
  expect(validateObjects(goldenObjects(name))).toEqual([]);
});

test.each([
  ['a wrong type', broken('external', 'Deployment', 'gateway', 'spec', { replicas: 'two' }), /replicas/],
  ['a missing field', broken('external', 'Deployment', 'gateway', 'spec', { selector: undefined }), /selector/],
  ['a dead version', broken('outside-pbxs', 'HorizontalPodAutoscaler', 'campaign-worker', '', { apiVersion: 'autoscaling/v2beta2' }), /not among the kinds/],
  ['a kind that nobody knows', broken('external', 'Deployment', 'gateway', '', { kind: 'Deploiment' }), /not among the kinds/],
  ['a field that a kind of others does not have', broken('operators', 'ServiceMonitor', 'discador', 'spec', { scrape: true }), /scrape/],
])('%s is found', (_name, objects, says) => {
  expect(validateObjects(objects).map((finding) => finding.says).join('\n')).toMatch(says);
});

test('a field that Kubernetes does not know is found, with its path', () => {
  const objects = broken('external', 'Deployment', 'gateway', FIRST, { imagePullPolcy: 'Always' });
  expect(unknownFields(goldenObjects('external'))).toEqual([]);
  expect(unknownFields(objects)).toEqual([
    { at: 'Deployment demo-discador-gateway', says: expect.stringMatching(/^spec\.template\.spec\.containers\.0\.imagePullPolcy: .*'"imagePullPolcy"' does not exist in type 'IContainer'/) as string },
  ]);
}, 30_000);
