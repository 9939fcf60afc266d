import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { until } from '@discador/runtime/testing/until';
import { Checkpoint } from './checkpoint.ts';

let folder: string;
let file: string;
let warnings: string[];
const running: Checkpoint[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  file = join(folder, 'pbx1', 'calls.json');
  warnings = [];
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  rmSync(folder, { recursive: true });
});

function checkpoint(maxBytes = 1_000): Checkpoint {
  const log = pino({ level: 'warn' }, { write: (line) => void warnings.push(line) });
  const made = new Checkpoint({ file, log, maxBytes, everyMs: 5 });
  running.push(made);
  return made;
}

const stored = (): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

test('a new process reads what the former one had last; a stop writes what is newer', async () => {
  const state = { calls: 1 };
  const first = checkpoint();
  expect(first.read()).toBeNull();
  first.start(() => state);
  await until(() => stored() !== undefined);
  state.calls = 2;
  await until(() => (stored() as typeof state).calls === 2);
  state.calls = 3;
  await first.stop();
  expect(checkpoint().read()).toEqual({ calls: 3 });
  expect(warnings).toEqual([]);
});

test('what has not changed is not written again', async () => {
  let looks = 0;
  const one = checkpoint();
  one.start(() => (looks += 1, { calls: 1 }));
  await until(() => stored() !== undefined);
  const changes: (string | null)[] = [];
  const watcher = watch(join(folder, 'pbx1'), (_event, name) => changes.push(name));
  const before = looks;
  await until(() => looks > before + 5);
  watcher.close();
  expect(changes).toEqual([]);
});

test('the file is never half a file: it is written beside it and renamed', async () => {
  let n = 0;
  const one = checkpoint(100_000);
  one.start(() => ({ n: (n += 1), filling: 'x'.repeat(50_000) }));
  await until(() => stored() !== undefined);
  const seen = new Set<number>();
  await until(() => seen.add((stored() as { n: number }).n).size > 10); // each look parses the whole
  await one.stop();
  expect(readdirSync(join(folder, 'pbx1'))).toEqual(['calls.json']);
});

test.each([['half of it', '{"calls":[{"to":"5511'], ['nothing', ''], ['too much', `"${'x'.repeat(2_000)}"`]])('a file with %s in it is ignored with a warning that quotes none of it', async (_what, text) => {
  const former = checkpoint();
  former.start(() => ({}));
  await former.stop();
  writeFileSync(file, text);
  expect(checkpoint().read()).toBeNull();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).not.toMatch(/5511|xxx/);
});

test('a state that has grown too large is not written, nor is an older one left in its place', async () => {
  let state = 'small';
  const one = checkpoint();
  one.start(() => state);
  await until(() => stored() === 'small');
  state = 'x'.repeat(2_000);
  await until(() => !existsSync(file));
  await until(() => warnings.length > 0);
  state = 'small again';
  await until(() => stored() === 'small again');
  expect(warnings).toHaveLength(1);
});
