import { layerRules } from './tools/eslint/layer-rules.mjs';
import tseslint from 'typescript-eslint';

const SETTINGS_EDGE = ['libs/runtime/src/start.ts', 'apps/cli/src/main.ts', 'apps/migrate/src/main.ts', 'tools/src/**', 'docs/**', '**/*.test.ts', '**/testing/**'];

export default tseslint.config(
  { ignores: ['**/dist/**', '.nx/**', '.discador/**', 'node_modules/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    ignores: SETTINGS_EDGE,
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Settings are read once, in libs/runtime.' }] },
  },
  { files: ['docs/**/*.ts'], rules: { 'no-console': 'off' } },
  ...layerRules(import.meta.dirname),
);
