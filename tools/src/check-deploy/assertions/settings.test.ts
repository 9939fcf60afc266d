import type { KubeObject } from '../kube-object.ts';
import { broken, goldenObjects, objectOf, partOf } from '../testing/golden-objects.ts';
import { checkSettings } from './settings.ts';

const said = async (objects: KubeObject[]): Promise<string> => (await checkSettings(objects)).map(({ at, says }) => `${at}: ${says}`).join('\n');
const envOf = (objects: KubeObject[], kind: string, component: string): { name: string; value?: string }[] =>
  partOf(objectOf(objects, kind, component), 'spec.template.spec.containers.0')['env'] as { name: string }[];

test.each(['external', 'trial', 'operators', 'outside-pbxs', 'exposed', 'settings'])('every service of the rendering "%s" takes its environment', async (name) => {
  expect(await said(goldenObjects(name))).toBe('');
});

test('a setting that is missing is found', async () => {
  const objects = goldenObjects('external');
  const env = envOf(objects, 'Deployment', 'campaign-worker');
  env.splice(env.findIndex(({ name }) => name === 'AMQP_URL'), 1);
  expect(await said(objects)).toMatch(/Deployment demo-discador-campaign-worker, campaign-worker: wrong settings: amqpUrl \(AMQP_URL\)/);
});

test.each([
  ['unknown', { TICK_MSEC: '250' }, /TICK_MSEC is no setting of it/],
  ['wrong', { TICK_MS: '10' }, /tickMs \(TICK_MS\)/],
  ['another port than the pod’s', { HTTP_PORT: '8080' }, /listens on 8080, which is not its port http/],
  ['a loopback address', { HTTP_HOST: '127.0.0.1' }, /no probe reaches it/],
  ['more time than the pod has', { SHUTDOWN_GRACE_SEC: '60' }, /is killed after 30 s, before its own 60 s/],
])('a setting that is %s is found', async (_name, data, says) => {
  expect(await said(broken('external', 'ConfigMap', 'master', 'data', data))).toMatch(says);
});

test('the shipper beside a PBX is asked too', async () => {
  expect(await said(broken('external', 'ConfigMap', 'record-shipper', 'data', { POLL_MS: '1' }))).toMatch(/StatefulSet demo-discador-asterisk, record-shipper: wrong settings: pollMs/);
});

test('a monitor that takes more memory than the one of the local stack is found', async () => {
  const args = ['--enable-source-maps', '--max-semi-space-size=8', 'apps/ari-monitor/dist/main.js'];
  const objects = broken('external', 'StatefulSet', 'ari-monitor', 'spec.template.spec.containers.0', { args });
  const env = envOf(objects, 'StatefulSet', 'ari-monitor');
  env.splice(env.findIndex(({ name }) => name === 'MALLOC_ARENA_MAX'), 1);
  expect(await said(objects)).toMatch(/started without --heap-growing-percent=20.*\n.*has no MALLOC_ARENA_MAX=1/);
});

test('a password that is used before it is there is found', async () => {
  const objects = goldenObjects('external');
  envOf(objects, 'Deployment', 'campaign-worker').reverse();
  expect(await said(objects)).toMatch(/\$\(AMI_SECRET_PBX\) stands before AMI_SECRET_PBX is there/);
});

test('lists of PBXs and addresses that differ are found', async () => {
  const objects = goldenObjects('external');
  const names = envOf(objects, 'Deployment', 'campaign-worker').find(({ name }) => name === 'PBX_NAME');
  if (names) names.value = 'pbx-0,pbx-1';
  expect(await said(objects)).toMatch(/amiUrl has 1 addresses for 2 PBXs/);
});

test('a PBX is asked for what asterisk/render.sh needs', async () => {
  const objects = goldenObjects('external');
  const env = envOf(objects, 'StatefulSet', 'asterisk');
  env.splice(env.findIndex(({ name }) => name === 'AMI_PORT'), 1);
  env.push({ name: 'AMI_PROT', value: '5038' });
  expect(await said(objects)).toBe(
    'StatefulSet demo-discador-asterisk, asterisk: AMI_PORT is missing (asterisk/render.sh)\nStatefulSet demo-discador-asterisk, asterisk: AMI_PROT means nothing to asterisk/render.sh',
  );
});
