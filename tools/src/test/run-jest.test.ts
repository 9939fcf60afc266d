import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@discador/runtime/testing/until';
import { identify } from '../stack/processes.ts';
import { runJest, type Counts } from './run-jest.ts';

const program = fileURLToPath(new URL('testing/stand-in.mjs', import.meta.url));
let said: string[];
beforeEach(() => (said = []));

const jestThat = (behaviour: string, endMs: number, env: Record<string, string> = {}): Promise<Counts> => runJest('unit', [behaviour], env, { endMs, program, say: (line) => said.push(line) });
const ENOUGH_MS = 60_000;

test('counts what the report says', async () => {
  expect(await jestThat('ends', ENOUGH_MS)).toEqual({ passed: 3, failed: 0, skipped: 1 });
});

// Nobody else would end it: without the watch these two wait for ever.
test('a jest that does not end after its report is ended, and counts as a failure', async () => {
  expect(await jestThat('never ends', 100)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  expect(said).toEqual([expect.stringContaining('left something open')]);
});

test('with it ends what it has started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'discador-run-jest-'));
  const file = join(folder, 'child');
  expect(await jestThat('leaves a child', 100, { CHILD_FILE: file })).toMatchObject({ failed: 1 });
  const child = Number(readFileSync(file, 'utf8'));
  await until(() => identify(child) === undefined);
  rmSync(folder, { recursive: true });
});

test('before its report it may take as long as it likes', async () => {
  expect(await jestThat('takes its time', 500)).toMatchObject({ passed: 3, failed: 0 });
});

test('no report is a failure', async () => {
  expect(await jestThat('gives no report', ENOUGH_MS)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
