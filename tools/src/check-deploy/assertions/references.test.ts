import type { KubeObject } from '../kube-object.ts';
import { broken, goldenObjects, objectOf, partOf } from '../testing/golden-objects.ts';
import { checkReferences } from './references.ts';

const NOTHING = new Set<string>();
const said = (objects: KubeObject[], outside: ReadonlySet<string> = NOTHING): string => checkReferences(objects, outside).map(({ at, says }) => `${at} ${says}`).join('\n');
const without = (name: string, kind: string, component: string): KubeObject[] => {
  const objects = goldenObjects(name);
  return objects.filter((one) => one !== objectOf(objects, kind, component));
};

test.each(['external', 'trial'])('the rendering "%s" names nothing that is not there', (name) => {
  expect(said(goldenObjects(name))).toBe('');
});

test.each([
  ['a ConfigMap', without('external', 'ConfigMap', 'gateway'), /Deployment demo-discador-gateway names ConfigMap demo-discador-gateway/],
  ['a Secret', without('external', 'Secret', 'servers'), /names Secret demo-discador-servers/],
  ['a ServiceAccount', without('external', 'ServiceAccount', 'master'), /names ServiceAccount demo-discador-master/],
  ['the Service of a StatefulSet', without('external', 'Service', 'ari-monitor'), /is no headless Service/],
  ['what is scaled', without('outside-pbxs', 'Deployment', 'campaign-worker'), /scales Deployment demo-discador-campaign-worker, which is not there/],
])('%s that is missing is found', (_name, objects, says) => {
  expect(said(objects)).toMatch(says);
});

test('a key that a Secret lacks is found, and a Secret of the values is taken for granted', () => {
  const objects = goldenObjects('external');
  delete partOf(objectOf(objects, 'Secret', 'servers'), 'stringData')['redis-url'];
  expect(said(objects)).toMatch(/Secret demo-discador-servers has no key redis-url/);
  expect(said(goldenObjects('operators'))).toMatch(/names Secret discador-pg-app, which is neither in the release nor in the values/);
  expect(said(goldenObjects('operators'), new Set(['discador-pg-app', 'discador-redis', 'discador-mq-default-user', 'discador-pbx']))).toBe('');
});

test('what the migration needs before the installation must be made before it', () => {
  expect(said(broken('external', 'Secret', 'migrate-url', 'metadata', { annotations: {} }))).toMatch(/Job demo-discador-migrate needs Secret demo-discador-migrate-url before the installation/);
  expect(said(broken('external', 'ServiceAccount', 'migrate', 'metadata.annotations', { 'helm.sh/hook-weight': '5' }))).toMatch(/needs ServiceAccount demo-discador-migrate before/);
});

test('a Deployment that is scaled and has replicas of its own is found', () => {
  expect(said(broken('operators', 'Deployment', 'campaign-worker', 'spec', { replicas: 2 }))).toMatch(/has replicas of its own/);
});

test('an Ingress to nowhere is found', () => {
  expect(said(without('exposed', 'Service', 'gateway'))).toMatch(/Ingress dialer-gateway leads to Service dialer-gateway, which is not there\nHTTPRoute dialer-gateway leads/);
});
