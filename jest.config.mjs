import { fileURLToPath } from 'node:url';

const swc = {
  swcrc: false,
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false, verbatimModuleSyntax: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

/** One kind of test: `unit` is pure, `it` needs the servers, `e2e` needs servers, services and Asterisk. */
const kind = (displayName, testRegex, testPathIgnorePatterns = []) => ({
  displayName,
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testRegex,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...testPathIgnorePatterns],
  modulePathIgnorePatterns: ['/dist/', '/.nx/', '/.discador/'],
  extensionsToTreatAsEsm: ['.ts'],
  setupFilesAfterEnv: [fileURLToPath(new URL('./jest.setup.mjs', import.meta.url))],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
});

export default {
  // Unit tests alone run on several workers: all cores, not all but one.
  maxWorkers: '100%',
  projects: [
    kind('unit', '\\.test\\.ts$', ['\\.it\\.test\\.ts$', '\\.e2e\\.test\\.ts$']),
    kind('it', '\\.it\\.test\\.ts$'),
    kind('e2e', '\\.e2e\\.test\\.ts$'),
  ],
};
