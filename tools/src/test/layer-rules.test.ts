import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { readPackages } = (await import('../../eslint/layer-rules.mjs' as string)) as {
  readPackages(root: string): { name: string; folder: string; layers: string[] }[];
};

async function errorsOf(file: string, code: string): Promise<string[]> {
  const [result] = await new ESLint({ cwd: root, overrideConfig: { languageOptions: { parserOptions: { projectService: false } }, rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-misused-promises': 'off' } } }).lintText(code, { filePath: `${root}${file}` });
  return (result?.messages ?? []).filter((message) => message.ruleId === 'no-restricted-imports').map((message) => message.message);
}

test('every package has exactly one layer', () => {
  const packages = readPackages(root);
  expect(packages.length).toBeGreaterThanOrEqual(14);
  for (const { folder, layers } of packages) expect([folder, layers.length]).toEqual([folder, 1]);
});

test.each([
  ['libs/domain/src/x.ts', '@discador/postgres/database'],
  ['libs/domain/src/x.ts', 'ioredis'],
  ['libs/domain/src/x.ts', '@nestjs/common'],
  ['libs/contracts/src/x.ts', '@discador/domain/pacing/plan-pool'],
  ['libs/bus/src/x.ts', '@discador/gateway/main'],
  ['apps/gateway/src/x.ts', '@discador/campaign-worker/dialer'],
  ['apps/gateway/src/x.ts', '@discador/tools/stack/stack'],
])('%s may not import %s', async (file, imported) => {
  expect(await errorsOf(file, `import { a } from '${imported}';\nexport const b = a;\n`)).toHaveLength(1);
});

test.each([
  ['libs/domain/src/x.ts', '@discador/contracts/dispositions'],
  ['libs/postgres/src/x.ts', '@discador/domain/outcomes/after-attempt'],
  ['apps/gateway/src/x.ts', '@discador/postgres/database'],
])('%s may import %s', async (file, imported) => {
  expect(await errorsOf(file, `import { a } from '${imported}';\nexport const b = a;\n`)).toEqual([]);
});
