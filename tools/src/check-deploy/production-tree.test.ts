import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';

const { copyProduction } = (await import(`${REPO_ROOT}/docker/production-tree.mjs`)) as { copyProduction(root: string, app: string, out: string): void };

let root: string;
let out: string;

const file = (path: string, content = ''): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const installed = (path: string, manifest: object): void => {
  file(`${path}/package.json`, JSON.stringify(manifest));
  file(`${path}/index.js`);
};

/** A built workspace: an app that imports one of two libraries, and packages behind it. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tree-'));
  out = join(root, 'out');
  file('package.json', JSON.stringify({ dependencies: { direct: '1', peer: '1', other: '1' } }));
  file('apps/one/package.json', '{}');
  file('apps/one/config/default.yaml');
  file('apps/one/dist/main.js', `import { a } from '@discador/used/part';\nimport './own.js';\nimport fs from 'node:fs';\nconst sql = "SELECT 1 FROM 'x'";`);
  file('apps/one/dist/own.js', `export const b = await import('direct/deep');`);
  file('libs/used/dist/part.js', `export { a } from '@scope/scoped';`);
  file('libs/used/dist/testing/help.js', `import 'jest';`);
  file('libs/unused/dist/part.js');
  installed('node_modules/direct', { dependencies: { nested: '1' }, peerDependencies: { peer: '1', absent: '1' }, peerDependenciesMeta: { peer: { optional: true }, absent: { optional: true } } });
  installed('node_modules/direct/node_modules/nested', {});
  installed('node_modules/nested', { version: 'another' });
  installed('node_modules/@scope/scoped', {});
  installed('node_modules/peer', {});
  installed('node_modules/other', {});
  for (const name of ['x.d.ts', 'x.js.map', 'README.md', 'test/x.js', 'dist/test/needed.js', 'LICENSE']) file(`node_modules/direct/${name}`);
});
afterEach(() => rmSync(root, { recursive: true }));

const has = (path: string): boolean => existsSync(join(out, path));

test('a service gets what it imports, and nothing of others', () => {
  copyProduction(root, 'one', out);
  expect(readdirSync(join(out, 'libs'))).toEqual(['used']);
  expect(readdirSync(join(out, 'node_modules')).sort()).toEqual(['@discador', '@scope', 'direct', 'peer']);
  expect(readdirSync(join(out, 'node_modules/direct/node_modules'))).toEqual(['nested']);
  expect(has('apps/one/config/default.yaml')).toBe(true);
  expect(has('libs/used/dist/testing')).toBe(false);
  expect(lstatSync(join(out, 'node_modules/@discador/used')).isSymbolicLink() && has('node_modules/@discador/used/dist/part.js')).toBe(true);
});

test('of a package what runs is taken: its types, maps and tests are not, folders of those names deeper inside are', () => {
  copyProduction(root, 'one', out);
  const taken = ['x.d.ts', 'x.js.map', 'README.md', 'test/x.js', 'dist/test/needed.js', 'LICENSE'].filter((name) => has(`node_modules/direct/${name}`));
  expect(taken).toEqual(['dist/test/needed.js', 'LICENSE']);
});

test('a package that is needed and not installed is said', () => {
  rmSync(join(root, 'node_modules/@scope'), { recursive: true });
  expect(() => copyProduction(root, 'one', out)).toThrow('@scope/scoped, which the service needs, is not installed');
});
