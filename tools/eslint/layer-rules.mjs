import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What each layer may import of ours. A package's layer is its Nx tag `layer:…` in package.json. */
const MAY_IMPORT = {
  domain: ['contract', 'domain'],
  contract: ['contract'],
  adapter: ['adapter', 'domain', 'contract'],
  app: ['adapter', 'domain', 'contract'],
  web: ['contract'],
  tool: ['adapter', 'domain', 'contract'],
};

/** What the pure layers may not import of others'. */
const IMPURE = ['@nestjs/*', 'typeorm', 'pg', 'ioredis', 'redlock', 'amqplib', 'asterisk-ami-client', 'ws', 'pino', 'prom-client', 'node:*'];

/** Every package of the workspace with its folder and layers.
 *  @returns {{name: string, folder: string, layers: string[]}[]} */
export function readPackages(root) {
  const folders = ['apps', 'libs'].flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`)).concat('tools');
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const { name, nx } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const layers = (nx?.tags ?? []).filter((tag) => tag.startsWith('layer:')).map((tag) => tag.slice('layer:'.length));
      return { name, folder, layers };
    });
}

/** One ESLint override per package: imports of packages of a forbidden layer are errors. A package without exactly one known layer stops the lint. */
export function layerRules(root) {
  const packages = readPackages(root);
  return packages.map(({ name, folder, layers }) => {
    const allowed = MAY_IMPORT[layers[0]];
    if (layers.length !== 1 || !allowed) throw new Error(`${folder}/package.json: nx.tags must hold exactly one layer: of ${Object.keys(MAY_IMPORT).join(', ')}`);
    const patterns = packages
      .filter((other) => other.name !== name && !allowed.includes(other.layers[0]))
      .map((other) => ({ group: [`${other.name}/*`], message: `layer:${layers[0]} may not import layer:${other.layers[0]}.` }));
    if (layers[0] === 'domain' || layers[0] === 'contract') patterns.push({ group: IMPURE, message: `layer:${layers[0]} is pure.` });
    patterns.push({ group: ['**/apps/**', '**/libs/**', '**/dist/**', '!kubernetes-models/**'], message: 'Import packages by their name.' });
    return { files: [`${folder}/**/*.ts`], ignores: ['**/*.test.ts', '**/testing/**'], rules: { 'no-restricted-imports': ['error', { patterns }] } };
  });
}
