import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import { parseMutation, readMutations } from './mutation.ts';

const HEADER = ['Guard: term, checked in the claim', 'Breaks: two masters order calls', "Test: it libs/x.it.test.ts -t 'a new term'"];
const DIFF = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n';
const parse = (...header: string[]) => parseMutation('/p/term-in-claim.patch', `${header.join('\n')}\n\n${DIFF}`);

test('reads the header that stands before the diff', () => {
  expect(parse(...HEADER)).toEqual({
    name: 'term-in-claim',
    guard: 'term, checked in the claim',
    breaks: 'two masters order calls',
    test: { kind: 'it', path: 'libs/x.it.test.ts', name: 'a new term' },
    file: '/p/term-in-claim.patch',
  });
});

test.each([
  ['Test: unit libs/x.test.ts', { kind: 'unit', path: 'libs/x.test.ts', name: null }],
  ['Test: e2e tools/x.e2e.test.ts -t two: words, (and more)', { kind: 'e2e', path: 'tools/x.e2e.test.ts', name: 'two: words, (and more)' }],
])('%s', (line, expected) => {
  expect(parse(...HEADER.slice(0, 2), line).test).toEqual(expected);
});

test.each([
  ['no test', HEADER.slice(0, 2), /Test: is missing/],
  ['no guard', HEADER.slice(1), /Guard/],
  ['a test of no kind', [...HEADER.slice(0, 2), 'Test: libs/x.it.test.ts'], /Test: reads/],
  ['a name that is missing after -t', [...HEADER.slice(0, 2), 'Test: it libs/x.it.test.ts -t'], /Test: reads/],
  ['a file of another kind', [...HEADER.slice(0, 2), 'Test: unit libs/x.it.test.ts'], /another kind/],
  ['a file that is no test', [...HEADER.slice(0, 2), 'Test: unit libs/x.ts'], /Test: reads/],
  ['a header nobody knows', [...HEADER, 'Author: me'], /Author/],
  ['a line that is no header', [...HEADER, 'and so on'], /and so on/],
])('refuses %s, naming the patch', (_what, header, message) => {
  expect(() => parse(...header)).toThrow(message);
  expect(() => parse(...header)).toThrow(/^term-in-claim\.patch: /);
});

test('refuses a patch without a diff', () => {
  expect(() => parseMutation('/p/a.patch', HEADER.join('\n'))).toThrow(/a\.patch: there is no diff/);
});

test('every patch of the project is readable and names a test file that is there', () => {
  const missing = readMutations(join(REPO_ROOT, 'tools', 'mutations')).filter(({ test: { path } }) => !existsSync(join(REPO_ROOT, path)));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
