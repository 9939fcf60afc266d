import { broken, goldenObjects } from '../testing/golden-objects.ts';
import { checkClashes, checkNames } from './names.ts';

test('the rendering is fine', () => {
  expect(checkNames(goldenObjects('external'), 'voice')).toEqual([]);
});

test.each([
  ['a name twice', { name: 'demo-discador-master' }, /is there twice/],
  ['a name that makes too long a REPLICA', { name: 'a-release-of-a-very-long-name-discador-gateway' }, /longer than a REPLICA/],
  ['another namespace', { namespace: 'default' }, /another namespace/],
  ['nobody’s object', { labels: {} }, /whose it is/],
])('%s is found', (_name, change, says) => {
  const findings = checkNames(broken('external', 'Deployment', 'gateway', 'metadata', change), 'voice');
  expect(findings.map((finding) => finding.says).join('\n')).toMatch(says);
});

test('an object that two releases would own is found', () => {
  expect(checkClashes(goldenObjects('external'), goldenObjects('exposed')).map(({ at }) => at)).toEqual([]);
  expect(checkClashes(goldenObjects('external'), broken('exposed', 'Deployment', 'master', 'metadata', { name: 'demo-discador-master' })).map(({ at }) => at)).toEqual(['Deployment demo-discador-master']);
});
