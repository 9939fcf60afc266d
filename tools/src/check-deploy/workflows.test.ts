import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import { checkWorkflow } from './workflows.ts';

const FOLDER = join(REPO_ROOT, '.github/workflows');
const SCRIPTS = Object.keys((JSON.parse(readFileSync(join(REPO_ROOT, 'package.json'), 'utf8')) as { scripts: object }).scripts);
const ci = readFileSync(join(FOLDER, 'ci.yml'), 'utf8');
const said = (text: string): string => checkWorkflow('ci.yml', text, SCRIPTS).map(({ at, says }) => `${at} ${says}`).join('\n');

test.each(readdirSync(FOLDER))('%s is fine', (name) => {
  expect(said(readFileSync(join(FOLDER, name), 'utf8'))).toBe('');
});

test.each([
  ['an action by its tag', ci.replace(/actions\/checkout@[0-9a-f]{40}/, 'actions/checkout@v4'), /uses actions\/checkout@v4/],
  ['an image by no version', ci.replace('actionlint:1.7.7', 'actionlint:latest'), /uses docker:\/\/rhysd\/actionlint:latest/],
  ['more rights than needed', ci.replace('permissions:\n  contents: read', 'permissions:\n  contents: write'), /permissions\.contents may only be read/],
  ['all rights', ci.replace('permissions:\n  contents: read\n', 'permissions: write-all\n'), /contents: read and nothing else/],
  ['no end', ci.replace(/ +timeout-minutes: 5\n/, ''), /workflows\.timeout-minutes is missing/],
  ['a token left behind', ci.replace('persist-credentials: false', 'persist-credentials: true'), /leaves its token/],
  ['a script that is not there', ci.replace('npm run test:e2e', 'npm run test:everything'), /runs npm run test:everything/],
  ['a title as code', ci.replace('run: npm test', 'run: npm test "${{ github.event.pull_request.title }}"'), /what others wrote/],
  ['a misspelt key', ci.replace('timeout-minutes: 45', 'timeout: 45'), /timeout/],
])('%s is found', (_name, text, says) => {
  expect(text).not.toBe(ci);
  expect(said(text)).toMatch(says);
});
