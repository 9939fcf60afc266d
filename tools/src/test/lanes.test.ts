import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from '../stack/home.ts';
import { lanesFor, runLanes } from './lanes.ts';

const nothing = { given: {}, portBase: undefined };

test('all integration tests: in two lanes, which jest deals them to', () => {
  expect(lanesFor('it', [], nothing)).toEqual([{ number: 1, jest: ['--shard=1/2'] }, { number: 2, jest: ['--shard=2/2'] }]);
});

test('all end-to-end tests: the long files in one lane, all others in the other', () => {
  const [long, others] = lanesFor('e2e', [], nothing).map(({ jest }) => jest);
  expect(long).toHaveLength(1);
  const pattern = long?.[0] ?? '';
  expect(others).toEqual(['/node_modules/', '/dist/', pattern].flatMap((path) => ['--testPathIgnorePatterns', path]));
  const files = readdirSync(join(REPO_ROOT, 'tools/src/e2e')).filter((file) => file.endsWith('.e2e.test.ts') && new RegExp(pattern).test(`e2e/${file}`));
  expect(files).toEqual(['chaos.e2e.test.ts', 'monitor-takeover.e2e.test.ts', 'pbx-nodes.e2e.test.ts']);
});

test.each([
  ['jest is told which files', ['claim'], nothing],
  ['a server is given', [], { given: { redis: 'redis://127.0.0.1' }, portBase: undefined }],
  ['the ports are given', [], { given: {}, portBase: 20_000 }],
])('one lane when %s', (_when, jest, config) => {
  expect(lanesFor('e2e', jest, config)).toEqual([{ number: 1, jest }]);
});

const lanes = lanesFor('it', [], nothing);

test('the lanes run beside each other, and what each of them counts is counted', async () => {
  let begun = 0;
  let bothBegun = (): void => undefined;
  const both = new Promise<void>((resolve) => (bothBegun = resolve));
  const counts = await runLanes(lanes, async ({ number }) => {
    if (++begun === 2) bothBegun();
    await both;
    return { passed: 10 * number, failed: number - 1, skipped: 5 };
  });
  expect(counts).toEqual({ passed: 30, failed: 1, skipped: 10 });
});

test('a lane that cannot run is an error, told once the other has ended', async () => {
  let ended = false;
  const ran = runLanes(lanes, async ({ number }) => {
    if (number === 1) throw new Error('no PostgreSQL');
    await new Promise((resolve) => setImmediate(resolve));
    ended = true;
    return { passed: 1, failed: 0, skipped: 0 };
  });
  await expect(ran).rejects.toThrow('no PostgreSQL');
  expect(ended).toBe(true);
});
