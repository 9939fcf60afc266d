import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { REPO_ROOT } from '../stack/home.ts';
import { until } from '../stack/processes.ts';
import type { RunResult } from './report.ts';

const MAIN = join(REPO_ROOT, 'tools/src/start/main.ts');
const CEL = join(REPO_ROOT, 'libs/asterisk/src/fixtures/busy.cel.csv');
/** Of that recording. */
const [CAMPAIGN, ATTEMPT] = ['0192a3b4-0000-7000-8000-00000000c001', '01a1fbb9-a6ef-75c2-a6d2-ad2a41f3acac'];
/** Notes what it was called with; says what the demo, the database and the PBX of docker/compose.yaml would; fails or hangs where the test wants it to. */
const fake = (dir: string): string => `#!/bin/sh
line=$(printf '%s ' "$@" | tr '\\n' ' ')
echo "$line" >> ${dir}/calls
case $line in *"$FAILS_AT"*) echo 'the engine says no' >&2; exit 17;; esac
case $line in *"$HANGS_AT"*) exec sleep 60;; esac
case $line in
  *' run --rm '*) echo 'a line before'; cat ${dir}/demo.json;;
  *' psql '*) cat ${dir}/ledger.json;;
  *' cat /var/lib/discador-pbx/log/cel-custom/cel.csv '*) cat '${CEL}';;
  *' logs '*) echo 'gateway | no room';;
  *' port gateway 3000 '*) echo 127.0.0.1:3456;;
esac
`;
const COMPOSE = 'compose --file docker/compose.yaml';
const UP = `${COMPOSE} up --build --wait --wait-timeout 300`;
const DEMO = `${COMPOSE} --profile demo run --rm --no-deps demo`;
const DOWN = `${COMPOSE} --profile demo down`;
const LOGS = `${COMPOSE} logs --tail 10 --no-color`;

const dialled = { campaignId: CAMPAIGN, rejected: 2, contacts: { total: 1, byStatus: { failed: 1 } }, attempts: { total: 1, byDisposition: { busy: 1 } } };
const attempt = {
  attemptId: ATTEMPT, contactId: 'c1', campaignId: CAMPAIGN, phone: '+5511900000112', claimedAt: 1795224610000, disposition: 'busy', cause: 17, answeredAt: null, endedAt: 1795224611757, inferred: false,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'discador-docker-'));
  writeFileSync(join(folder, 'docker'), fake(folder), { mode: 0o755 });
  gives({ ledger: [attempt] });
});
afterEach(() => rmSync(folder, { recursive: true }));

function gives({ demo = dialled, ledger }: { demo?: object; ledger: object[] }): void {
  writeFileSync(join(folder, 'demo.json'), JSON.stringify(demo));
  writeFileSync(join(folder, 'ledger.json'), JSON.stringify(ledger));
}

/** What docker was called with, in order; of a statement its first word. */
const calls = (): string[] => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').map((line) => line.trim().replace(/ SELECT .*/, ' SELECT')) : []);

/** `npm start -- --docker …` on a machine with this docker. */
function start(args: string[], env: { FAILS_AT?: string; HANGS_AT?: string; PATH?: string } = {}) {
  const child = spawn(process.execPath, ['--conditions=source', '--disable-warning=ExperimentalWarning', MAIN, '--docker', ...args], {
    cwd: REPO_ROOT, env: { FAILS_AT: 'nothing', HANGS_AT: 'nothing', PATH: `${folder}:/usr/bin:/bin`, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stdout), text(child.stderr)]).then(([[code], stdout, stderr]) => ({ code, stdout, stderr }));
  return { child, ended };
}

const resultIn = (stdout: string): RunResult => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as RunResult;

test('builds and starts the services, dials the demo, reads ledger and records, and ends the containers', async () => {
  const { code, stdout, stderr } = await start(['--exit', '--json']).ended;
  expect([code, stderr]).toEqual([0, expect.stringContaining('✓ the ledger and the PBX agree')]);
  expect(calls()).toEqual([
    'version', 'compose version', UP, DEMO, `${COMPOSE} exec -T postgres psql -U discador -d discador -Atc SELECT`,
    `${COMPOSE} exec -T asterisk cat /var/lib/discador-pbx/log/cel-custom/cel.csv`, DOWN,
  ]);
  expect(resultIn(stdout)).toEqual({
    ok: true, campaignId: CAMPAIGN, seconds: expect.any(Number), contacts: { imported: 1, rejected: 2, byStatus: { failed: 1 } }, attempts: { total: 1, byDisposition: { busy: 1 } },
    pbx: { calls: 1, matched: 1, mismatched: 0 }, duplicates: 0, inDoubt: 0, unaccounted: 0,
  });
});

test('what earlier runs left in the volumes is not held against this one', async () => {
  gives({ ledger: [{ ...attempt, attemptId: '01a00000-0000-7000-8000-000000000001', campaignId: '01a00000-0000-7000-8000-00000000c001' }, attempt] });
  const { code, stdout } = await start(['--exit', '--json']).ended;
  expect([code, resultIn(stdout)]).toMatchObject([0, { ok: true, pbx: { calls: 1, matched: 1, mismatched: 0 } }]);
});

test.each([
  ['an attempt that the ledger does not have', { ledger: [] }, { pbx: { mismatched: 1 } }],
  ['what has no end', { ledger: [{ ...attempt, disposition: null, endedAt: null }], demo: { ...dialled, contacts: { total: 1, byStatus: { dialing: 1 } } } }, { unaccounted: 2 }],
])('%s makes --exit return 1', async (_what, given, found) => {
  gives(given);
  const { code, stdout } = await start(['--exit', '--json']).ended;
  expect([code, resultIn(stdout)]).toMatchObject([1, { ok: false, ...found }]);
  expect(calls().at(-1)).toBe(DOWN);
});

test.each([
  ['the command', { PATH: '/nowhere' }, [], 'a Docker engine that runs, and the command docker: without --docker everything runs without it.'],
  ['an engine', { FAILS_AT: 'version' }, ['version'], 'a Docker engine that runs, and the command docker: without --docker everything runs without it.'],
  ['compose', { FAILS_AT: 'compose version' }, ['version', 'compose version'], 'Docker’s plugin compose (version 2.20 or later).'],
])('without %s it ends with 69 and one sentence, and leaves everything alone', async (_what, env, called, sentence) => {
  expect(await start(['--exit', '--json'], env).ended).toEqual({ code: 69, stdout: '', stderr: `--docker needs ${sentence}\n` });
  expect(calls()).toEqual(called);
});

test.each([
  ['the services do not come up', 'up --build', ['version', 'compose version', UP, LOGS, DOWN]],
  ['the demo fails', 'run --rm', ['version', 'compose version', UP, DEMO, LOGS, DOWN]],
])('when %s their last words are shown, the containers ended, and the code is 1', async (_what, FAILS_AT, called) => {
  const { code, stdout, stderr } = await start(['--json'], { FAILS_AT }).ended;
  expect([code, stdout, calls()]).toEqual([1, '', called]);
  expect(stderr).toMatch(/the engine says no[^]*gateway \| no room[^]*docker compose --file docker\/compose\.yaml [^\n]+ ended with 17\n$/);
});

test('containers that cannot be ended are told of, and what failed before all the same', async () => {
  const { code, stderr } = await start(['--exit'], { FAILS_AT: '--profile demo' }).ended;
  expect([code, calls().at(-1)]).toEqual([1, DOWN]);
  expect(stderr).toMatch(new RegExp(`\nContainers may still run: docker ${DOWN}\ndocker ${COMPOSE} --profile demo run ended with 17\n$`));
});

test('a campaign that went well is no success with containers that cannot be ended', async () => {
  expect(await start(['--exit'], { FAILS_AT: 'demo down' }).ended).toMatchObject({ code: 1, stderr: expect.stringContaining('✓ the ledger and the PBX agree') });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s while the images are built ends docker’s work and then the containers', async (signal) => {
  const { child, ended } = start(['--exit', '--json'], { HANGS_AT: 'up --build' });
  await until(() => calls().includes(UP), 18_000);
  child.kill(signal);
  expect(await ended).toMatchObject({ code: 1, stdout: '', stderr: expect.not.stringContaining('ended with') });
  expect(calls()).toEqual(['version', 'compose version', UP, DOWN]);
});

test('without --exit everything stays up until Ctrl-C, and it says where', async () => {
  const { child, ended } = start([]);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  await until(() => stderr.includes('Ctrl-C takes all down'), 18_000);
  expect(stderr).toContain('http://127.0.0.1:3456/docs');
  expect(calls()).not.toContain(DOWN);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0, stdout: '' });
  expect(calls().at(-1)).toBe(DOWN);
});
