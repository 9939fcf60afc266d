import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import { checkCompose } from './compose.ts';

const FILE = join(REPO_ROOT, 'docker/compose.yaml');
const content = readFileSync(FILE, 'utf8');
const said = async (text: string): Promise<string> => (await checkCompose(FILE, text, join(REPO_ROOT, 'docker/make-secrets.sh'))).map(({ at, says }) => `${at} ${says}`).join('\n');
const changed = (from: string | RegExp, to: string): string => {
  const text = content.replace(from, to);
  if (text === content) throw new Error(`${String(from)} is not in the compose file`);
  return text;
};

test('our compose file is fine', async () => {
  expect(await said(content)).toBe('');
});

test.each([
  ['an unknown field', changed('    shm_size: 256m', '    shm_sise: 256m'), /shm_sise/],
  ['a writable root', changed('  read_only: true', '  read_only: false'), /nothing but volumes is written to/],
  ['a port for the world', changed("'127.0.0.1:${GATEWAY_PORT:-3000}:3000'", "'3000:3000'"), /127\.0\.0\.1 only/],
  ['a moving image', changed('redis:7.4.5-bookworm', 'redis:latest'), /redis image .*another one tomorrow/],
  ['an unknown setting', changed('IMPORT_FOLDER:', 'IMPORT_FOLDR:'), /gateway IMPORT_FOLDR is no setting/],
  ['a missing setting', changed('    environment: {<<: *servers, PBX_NAME: pbx1, AMI_URL_FILE: /run/secrets/ami-monitor-url}', '    environment: {<<: *servers, PBX_NAME: pbx1}'), /monitoring-worker wrong settings: amiUrl/],
  ['a secret that nobody makes', changed('/run/secrets/ari-url}', '/run/secrets/ari-address}'), /campaign-worker-1 reads \/run\/secrets\/ari-address/],
  ['a volume that is not there', changed("'redis:/data'", "'rdis:/data'"), /redis mounts rdis/],
  ['a file that is not there', changed('./prometheus.yml:', './prometheus.yaml:'), /mounts \.\/prometheus\.yaml/],
  ['a dependency that is not there', changed('depends_on: {postgres: {condition', 'depends_on: {postgresql: {condition'), /migrate depends on postgresql, which is not there/],
  ['waiting for the end of what never ends', changed('    asterisk: {condition: service_healthy}', '    asterisk: {condition: service_completed_successfully}'), /waits for the end of asterisk/],
  ['an argument that no Dockerfile asks for', changed('PJPROJECT_SHA256: ,', 'PJSIP_SHA256: ,'), /asterisk is built with PJSIP_SHA256, for which/],
  ['an image for another app', changed('args: {APP: gateway}', 'args: {APP: migrate}'), /gateway is built for migrate and called/],
])('%s is found', async (_name, text, says) => {
  expect(await said(text)).toMatch(says);
});
