import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import { checkDockerfile, parseDockerfile } from './dockerfiles.ts';

const service = readFileSync(join(REPO_ROOT, 'docker/Dockerfile'), 'utf8');
const pbx = readFileSync(join(REPO_ROOT, 'docker/asterisk.Dockerfile'), 'utf8');
const said = (text: string): string => checkDockerfile('Dockerfile', text, REPO_ROOT).map(({ says }) => says).join('\n');

test('our Dockerfiles are fine', () => {
  expect([said(service), said(pbx)]).toEqual(['', '']);
});

test.each([
  ['a syntax line', service.replace(/^/, '# syntax=docker/dockerfile:1\n'), /syntax line/],
  ['a moving base', service.replaceAll('node:24.21.0-bookworm-slim', 'node:24-bookworm-slim'), /stands on node:24-bookworm-slim/],
  ['a base without a tag', pbx.replaceAll('debian:bookworm-20260918-slim', 'debian'), /stands on debian/],
  ['root', service.replace('USER 10001:10001', 'USER root'), /runs as root/],
  ['no user', service.replace('USER 10001:10001', ''), /no USER/],
  ['a shell as process 1', service.replace('ENTRYPOINT ["node"]', 'ENTRYPOINT node'), /through a shell/],
  ['no health check', service.replace(/^HEALTHCHECK.*$/m, ''), /no HEALTHCHECK/],
  ['a health check that needs a shell', service.replace('CMD ["node", "healthcheck.mjs"]', 'CMD node healthcheck.mjs'), /health check that needs a shell/],
  ['a missing label', service.replace('image.revision=', 'image.commit='), /no label org\.opencontainers\.image\.revision/],
  ['a file that is not there', service.replace('docker/healthcheck.mjs docker/', 'docker/health.mjs docker/'), /copies docker\/health\.mjs/],
  ['a download that is not checked', pbx.replace(/&& echo "\$\{ASTERISK_SHA256\}.*\n/, '\\\n'), /checksum it does not look at/],
  ['packages without a lock file', service.replace('npm ci', 'npm install'), /no lock file/],
])('%s is found', (_name, text, says) => {
  expect(said(text)).toMatch(says);
});

test('continued lines are one instruction, comments none', () => {
  expect(parseDockerfile('# hello\nRUN a \\\n  && b\n\nuser 1:1\n')).toEqual([{ name: 'RUN', rest: 'a    && b' }, { name: 'USER', rest: '1:1' }]);
});
